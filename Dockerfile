# Each image by its exact tag; a digest as well, such as sha256:0123…, makes a build repeatable to the byte:
# docker build --build-arg SDK_DIGEST=… --build-arg RUNTIME_DIGEST=…
ARG SDK_DIGEST=
ARG RUNTIME_DIGEST=

FROM mcr.microsoft.com/dotnet/sdk:10.0.401-noble${SDK_DIGEST:+@$SDK_DIGEST} AS build
WORKDIR /src
# SQLCipher has a layer of its own: it changes rarely and takes the longest.
COPY build build
COPY Catalogizer.Domain/Storage/Sqlite/native Catalogizer.Domain/Storage/Sqlite/native
RUN Catalogizer.Domain/Storage/Sqlite/native/build-sqlcipher.sh .build/native/libe_sqlcipher.so
COPY . .
RUN build/publish.sh --self-contained /app

# What the runtime that comes with that SDK needs; the runtime itself is part of the program.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0.12-noble${RUNTIME_DIGEST:+@$RUNTIME_DIGEST}
# What the program loads or starts at run time. Samba's client library is for network shares; ffmpeg reads what is in media files.
ARG PACKAGES="libssl3t64 libsmbclient0 ffmpeg"
RUN apt-get update -qq && apt-get install -qq --yes --no-install-recommends $PACKAGES && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /app
COPY --chmod=755 build/healthcheck.sh build/catalogizer /usr/local/bin/
COPY LICENSE THIRD-PARTY-NOTICES.md /app/
RUN install --directory --owner="$APP_UID" --group="$APP_UID" --mode=0700 /data

# Fewer collections, of 32 MiB (in hexadecimal) instead of 16, take a tenth off a first scan; larger ones hold up pages.
ENV DOTNET_GCgen0size=2000000
# Settings and data lie in one place: the optional /data/appsettings.json beside the catalogue and its key.
ENV CATALOGIZER_HOME=/data \
    Catalogizer__DataDirectory=/data \
    ASPNETCORE_HTTP_PORTS= \
    ASPNETCORE_URLS=http://+:8080
VOLUME /data
EXPOSE 8080
USER $APP_UID
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s CMD ["healthcheck.sh"]
ENTRYPOINT ["catalogizer"]
