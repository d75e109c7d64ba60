# Sourced by demo.sh: books and comics.
# shellcheck shell=bash

reading() {
  epub "Books/Jane Austen/Pride and Prejudice (1813)/Pride and Prejudice - Jane Austen.epub" "Pride and Prejudice" "Jane Austen" 1813 \
    "It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want of a wife."
  epub "Books/Jane Austen/Emma (1815)/Emma - Jane Austen.epub" "Emma" "Jane Austen" 1815 \
    "Emma Woodhouse, handsome, clever, and rich, with a comfortable home and happy disposition, seemed to unite some of the best blessings of existence."
  epub "Books/Jules Verne - Journey to the Centre of the Earth (1864).epub" "Journey to the Centre of the Earth" "Jules Verne" 1864 \
    "On the 24th of May, 1863, my uncle, Professor Liedenbrock, rushed into his little house."
  epub "Books/H. G. Wells - The War of the Worlds (1898).epub" "The War of the Worlds" "H. G. Wells" 1898 \
    "No one would have believed in the last years of the nineteenth century that this world was being watched keenly and closely."
  pdf "Books/H. G. Wells - The War of the Worlds (1898).pdf" "The War of the Worlds" "H. G. Wells" "No one would have believed ..."
  pdf "Books/H. G. Wells - The Invisible Man (1897).pdf" "The Invisible Man" "H. G. Wells" "The stranger came early in February ..."

  comic "Comics/Captain Meridian/Captain Meridian 001 (1948).cbz" "Captain Meridian 1" "To the tower!" "Too late!" "Not for a captain."
  comic "Comics/Captain Meridian/Captain Meridian 002 (1948).cbz" "Captain Meridian 2" "The clock has stopped." "Who holds the hands?"
  comic "Comics/Captain Meridian/Captain Meridian 003 (1949).cbz" "Captain Meridian 3" "Noon, at last." "Then we begin."
  comic "Manga/Moonlit Railway/Moonlit Railway v01 (2015) (Digital).cbz" "Moonlit Railway 1" "The last train?" "The first one."
}
