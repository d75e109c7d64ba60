# Sourced by demo.sh: games, programs, and what other machines leave lying about.
# shellcheck shell=bash

other() {
  bytes "Games/Lantern of the Deep (2016)/setup_lantern_of_the_deep_1.4.2_(64bit)_(51234).exe" 65536 'MZ\x90\0'
  bytes "Games/ROMs/SNES/Star Orchard (USA).sfc" 32768
  bytes "Games/ROMs/Game Boy/Pocket Gardener (Europe) (En,Fr,De).gb" 32768
  bytes "Games/ROMs/NES/Brick Parade (Japan).nes" 24592 'NES\x1a\x01\x01'

  make "Software/copperleaf-linux-4.2-amd64.iso" burn_disc COPPERLEAF "Copperleaf Linux 4.2" "There is nothing to install here."
  make "Software/tidepool-1.8.0.tar.gz" pack_source tidepool-1.8.0
  make "Software/inkwell-2.3.1-portable.zip" pack_program inkwell-2.3.1
  bytes "Software/Ledgerline Setup 5.0.2.exe" 40960 'MZ\x90\0'

  # Passed over by a scan.
  bytes "Films/Nosferatu (1922)/@eaDir/poster.jpg/SYNOPHOTO_THUMB_M.jpg" 512
  bytes "Films/Metropolis (1927)/@eaDir/SYNO@.fileindexdb" 512
  bytes "Films/.DS_Store" 6148
  bytes "Music/.DS_Store" 6148
  bytes "Photos/2021/Garden/._DSC_0042.JPG" 4096
  bytes "Photos/2021/Garden/Thumbs.db" 2048
  text "Software/desktop.ini" "[.ShellClassInfo]"
}

# burn_disc LABEL LINE...: a disc of one file, as ISO 9660.
burn_disc() {
  mkdir "$scratch/disc"
  printf '%s\n' "${@:2}" >"$scratch/disc/README.TXT"
  genisoimage -quiet -V "$1" -J -r -o "$part" "$scratch/disc"
}

pack_source() {
  mkdir "$scratch/$1"
  printf '%s\n' "$1 keeps tide tables." >"$scratch/$1/README"
  tar -czf "$part" -C "$scratch" "$1"
}

pack_program() {
  mkdir "$scratch/$1"
  printf '%s\n' "$1 writes letters." >"$scratch/$1/readme.txt"
  (cd "$scratch" && zip -q -X -r "$part" "$1")
}
