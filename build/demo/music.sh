# Sourced by demo.sh: music of the dead by performers who never lived, and books read aloud.
# shellcheck shell=bash

music() {
  local name
  album "Music/Elena Marchetti/Beethoven - Piano Sonatas (2014)" "Elena Marchetti" "Beethoven - Piano Sonatas" 2014 Classical \
    "Music/Elena Marchetti/Beethoven - Piano Sonatas (2014)/cover.jpg"
  track "01 - Sonata No. 8 Pathétique - I. Grave.flac"
  track "02 - Sonata No. 14 Moonlight - I. Adagio sostenuto.flac"
  track "03 - Sonata No. 14 Moonlight - III. Presto agitato.flac"
  track "04 - Sonata No. 23 Appassionata - I. Allegro assai.flac"
  text "$album_folder/Beethoven - Piano Sonatas.m3u" "01 - Sonata No. 8 Pathétique - I. Grave.flac" "02 - Sonata No. 14 Moonlight - I. Adagio sostenuto.flac"

  album "Music/Tomasz Wilk/Chopin - Nocturnes (2009)" "Tomasz Wilk" "Chopin - Nocturnes" 2009 Classical \
    "Music/Tomasz Wilk/Chopin - Nocturnes (2009)/folder.jpg"
  for name in "01. Nocturne in B-flat minor, Op. 9 No. 1" "02. Nocturne in E-flat major, Op. 9 No. 2" "03. Nocturne in B major, Op. 9 No. 3" "04. Nocturne in C-sharp minor, Op. posth"; do
    track "$name.mp3"
  done

  album "Music/The Ravensburg Consort/Bach - Brandenburg Concertos (1998) [FLAC]" "The Ravensburg Consort" "Bach - Brandenburg Concertos" 1998 Classical \
    "Music/The Ravensburg Consort/Bach - Brandenburg Concertos (1998) [FLAC]/cover.jpg"
  track "CD1/01 - Concerto No. 1 in F major.flac"
  track "CD1/02 - Concerto No. 2 in F major.flac"
  track "CD1/03 - Concerto No. 3 in G major.flac"
  track "CD2/01 - Concerto No. 4 in G major.flac"
  track "CD2/02 - Concerto No. 5 in D major.flac"

  album "Music/Harbour Street Ragtime Band/Maple Leaf and Other Rags (2016)" "Harbour Street Ragtime Band" "Maple Leaf and Other Rags" 2016 Ragtime \
    "Music/Harbour Street Ragtime Band/Maple Leaf and Other Rags (2016)/cover.jpg"
  track "01 Maple Leaf Rag.opus"
  track "02 The Entertainer.opus"
  track "03 Peacherine Rag.opus"

  album "Music/Anna Lindqvist/Satie - Gymnopédies (2011)" "Anna Lindqvist" "Satie - Gymnopédies" 2011 Classical \
    "Music/Anna Lindqvist/Satie - Gymnopédies (2011)/cover.jpg"
  track "1-01 Gymnopédie No. 1.m4a"
  track "1-02 Gymnopédie No. 2.m4a"
  track "1-03 Gymnopédie No. 3.m4a"

  album "Music/Harbour Street Ragtime Band" "Harbour Street Ragtime Band" "" 2018 Ragtime \
    "Music/Harbour Street Ragtime Band/Maple Leaf and Other Rags (2016)/cover.jpg"
  track "01 Swipesy Cakewalk.mp3"

  album "Audiobooks/H. G. Wells/The Time Machine" "H. G. Wells" "The Time Machine" 1895 Audiobook \
    "Audiobooks/H. G. Wells/The Time Machine/cover.jpg"
  track "01 - Introduction.mp3"
  track "02 - The Machine.mp3"
  track "03 - The Time Traveller Returns.mp3"

  make "Audiobooks/Jules Verne - Around the World in Eighty Days.m4b" play m4b "Around the World in Eighty Days" 1 1 \
    "Jules Verne" "Around the World in Eighty Days" 1872 Audiobook "$library/Audiobooks/Jules Verne - Around the World in Eighty Days.jpg"
}
