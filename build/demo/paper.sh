# Sourced by demo.sh: books, comics and what describes a film.
# shellcheck shell=bash

# subtitles FILE LINE...: an .srt file, a line a second.
subtitles() {
  make "$1" write_subtitles "${@:2}"
}

write_subtitles() {
  local line at=0
  for line in "$@"; do
    printf '%d\n00:00:%02d,000 --> 00:00:%02d,900\n%s\n\n' $((at + 1)) "$at" "$at" "$line"
    at=$((at + 1))
  done >"$part"
}

# nfo FILE KIND TITLE YEAR PLOT: what media centres write beside a film; KIND is movie or tvshow.
nfo() {
  text "$1" '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' "<$2>" "  <title>$3</title>" "  <year>$4</year>" "  <plot>$5</plot>" "</$2>"
}

# epub FILE TITLE AUTHOR YEAR TEXT
epub() {
  make "$1" bind_epub "${@:2}"
}

bind_epub() {
  local book=$scratch/book
  mkdir -p "$book/META-INF" "$book/OEBPS"
  printf 'application/epub+zip' >"$book/mimetype"
  cat >"$book/META-INF/container.xml" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
XML
  cat >"$book/OEBPS/content.opf" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:identifier id="id">urn:demo:$(cksum <<<"$1$2" | cut -d' ' -f1)</dc:identifier>
    <dc:title>$1</dc:title><dc:creator>$2</dc:creator><dc:date>$3</dc:date><dc:language>en</dc:language>
    <meta property="dcterms:modified">2024-01-01T00:00:00Z</meta>
  </metadata>
  <manifest>
    <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="text" href="text.xhtml" media-type="application/xhtml+xml"/>
    <item id="cover" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>
  </manifest>
  <spine><itemref idref="text"/></spine>
</package>
XML
  write_page "Contents" '<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="toc"><ol><li><a href="text.xhtml">Beginning</a></li></ol></nav>' >"$book/OEBPS/nav.xhtml"
  write_page "$1" "<h1>$1</h1><p>$4</p>" >"$book/OEBPS/text.xhtml"
  part=$book/OEBPS/cover.jpg draw_sheet 400x600 "❦" "$1" "$3"
  # The kind of file comes first and uncompressed, so that it can be read without unpacking.
  (cd "$book" && zip -q -X -0 "$part" mimetype && zip -q -X -r -9 "$part" META-INF OEBPS)
}

write_page() {
  printf '<?xml version="1.0" encoding="UTF-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>%s</title></head><body>%s</body></html>\n' "$1" "$2"
}

# pdf FILE LINE...: one page of text.
pdf() {
  make "$1" print_pdf "${@:2}"
}

print_pdf() {
  local line show="BT /F1 24 Tf 72 720 Td 32 TL" at=() object
  for line in "$@"; do
    show+=" ($line) '"
  done
  show+=" ET"
  local objects=(
    "<< /Type /Catalog /Pages 2 0 R >>"
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
    "<< /Length ${#show} >>"$'\n'"stream"$'\n'"$show"$'\n'"endstream"
    "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>"
  )
  printf '%%PDF-1.4\n' >"$part"
  for object in "${!objects[@]}"; do
    at+=("$(stat -c %s "$part")")
    printf '%d 0 obj\n%s\nendobj\n' $((object + 1)) "${objects[object]}" >>"$part"
  done
  local table
  table=$(stat -c %s "$part")
  { printf 'xref\n0 6\n0000000000 65535 f \n'; printf '%010d 00000 n \n' "${at[@]}"; } >>"$part"
  printf 'trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%s\n%%%%EOF\n' "$table" >>"$part"
}

# comic FILE TITLE WORDS...: a cover and a page for each of the words.
comic() {
  make "$1" draw_comic "${@:2}"
}

draw_comic() {
  local page=1 words pages=$scratch/pages
  mkdir "$pages"
  part=$pages/page-00.jpg draw_sheet 400x600 "★" "$1" ""
  for words in "${@:2}"; do
    draw_panels "$pages/page-0$page.jpg" "$words"
    page=$((page + 1))
  done
  (cd "$pages" && zip -q -X -0 "$part" ./*.jpg)
}

# draw_panels FILE WORDS: three panels with black borders; the words stand in the widest.
draw_panels() {
  local filter box x y w h c t
  filter="$(wash 400x600 "$2"),drawbox=t=12:color=white"
  for box in 24:24:352:250:black:4 24:290:168:286:black:4 208:290:168:286:black:4 44:44:312:60:white:fill \
    "70:400:76:176:$(colour "$2" 1):fill" "254:360:76:216:$(colour "$2" 3):fill"; do
    IFS=: read -r x y w h c t <<<"$box"
    filter+=",drawbox=x=$x:y=$y:w=$w:h=$h:color=$c:t=$t"
  done
  filter+=",$(words "$2" 22 62):fontcolor=black"
  "${ffmpeg[@]}" -f lavfi -i "$filter" -frames:v 1 -q:v 4 -f image2 -update 1 "$1"
}
