#!/usr/bin/env bash
# Asks the program on this machine whether it is alive, with nothing but bash: the image has neither curl nor wget.
# The port is that of the first plain-HTTP address in ASPNETCORE_URLS; 8080 without one.
set -euo pipefail

port=8080
if [[ ${ASPNETCORE_URLS:-} =~ http://[^\;/]*:([0-9]+) ]]; then
  port=${BASH_REMATCH[1]}
fi

exec {server}<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&"$server"
read -r -t 5 _ status _ <&"$server"
[ "$status" = 200 ]
