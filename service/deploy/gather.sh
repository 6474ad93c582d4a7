#!/bin/sh
# gather.sh IMAGE PROGRAM...: fills the folder IMAGE with the programs, the libraries that they load,
# time zones and certificates of authorities, all from installed Debian packages; with the licences of
# those packages, their entries in dpkg's list (where scanners look), and a list of parts in CycloneDX.
set -eu
image=$1
shift

umask 022
mkdir -p "$image/usr/bin" "$image/usr/lib" "$image/usr/lib64" "$image/usr/share" "$image/etc/ssl/certs" \
  "$image/var/lib/dpkg/status.d"
ln -s usr/lib "$image/lib"
ln -s usr/lib64 "$image/lib64"
ln -s usr/bin "$image/bin"
install -d -m 1777 "$image/tmp"
install -d -m 0750 -o 65532 -g 65532 "$image/var/lib/sales"

cp "$@" "$image/usr/bin"

# Libraries: each by the name that it is loaded by.
if ldd "$@" | grep 'not found'; then
  echo "install the packages of these libraries in the Containerfile" >&2
  exit 1
fi
libraries=$(ldd "$@" | sed -n 's/^.*=> \(\/[^ ]*\) .*$/\1/p; s/^[[:space:]]*\(\/lib[^ ]*\) (.*$/\1/p' | sort -u)
for library in $libraries; do
  mkdir -p "$image/usr$(dirname "${library#/usr}")"
  cp -L "$library" "$image/usr${library#/usr}"
done

cp -a /usr/share/zoneinfo "$image/usr/share/zoneinfo"
cp /etc/ssl/certs/ca-certificates.crt "$image/etc/ssl/certs/"
echo 'hosts: files dns' >"$image/etc/nsswitch.conf"
echo 'sales:x:65532:65532:salesd:/var/lib/sales:/' >"$image/etc/passwd"
echo 'sales:x:65532:' >"$image/etc/group"
cp /etc/os-release "$image/etc/os-release"

# The packages that the files are from. dpkg knows a file by its path before or after /usr was merged.
package_of() {
  path=$(readlink -f "$1")
  for known in "$path" "${path#/usr}"; do
    dpkg-query -S "$known" 2>/dev/null && return
  done
  echo "no package has $1" >&2
  return 1
}
packages=$({
  for library in $libraries; do package_of "$library"; done
  echo 'tzdata: ' && echo 'ca-certificates: ' && echo 'base-files: '
} | sed 's/: .*$//; s/:[a-z0-9]*$//' | sort -u)

parts=$image/usr/share/sales/salesd.cdx.json
mkdir -p "$(dirname "$parts")"
{
  printf '{"bomFormat":"CycloneDX","specVersion":"1.4","version":1,'
  printf '"metadata":{"component":{"type":"application","bom-ref":"salesd","name":"salesd"}},"components":['
  comma=
  for package in $packages; do
    dpkg-query -s "$package" >"$image/var/lib/dpkg/status.d/$package"
    mkdir -p "$image/usr/share/doc/$package"
    cp -L "/usr/share/doc/$package/copyright" "$image/usr/share/doc/$package/copyright"
    version=$(dpkg-query -W -f '${Version}' "$package")
    # Of what a package may be named and numbered, these three are not plain in a URL.
    escaped=$(printf '%s@%s' "$package" "$version" | sed 's/+/%2B/g; s/:/%3A/g; s/~/%7E/g')
    architecture=$(dpkg-query -W -f '${Architecture}' "$package")
    url="pkg:deb/debian/$escaped?arch=$architecture&distro=debian-12"
    printf '%s{"type":"library","bom-ref":"%s","name":"%s","version":"%s","purl":"%s"}' \
      "$comma" "$url" "$package" "$version" "$url"
    comma=,
  done
  printf ']}\n'
} >"$parts"

# The same packages make the same bytes.
find "$image" -exec touch -h -d "@${SOURCE_DATE_EPOCH:-0}" {} +
