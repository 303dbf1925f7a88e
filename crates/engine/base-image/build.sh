#!/bin/bash
# Builds the demo base image OUT/base.qcow2 from Debian packages alone: Debian minbase,
# busybox init, openssh, a reader of NoCloud seeds, GRUB in the master boot record.
# The image is generalized: no accounts, root locked, no host keys, no machine-id.
#
#   build.sh OUT                     about a minute, 1.5 GB of space in OUT while it runs
#   SUITE=trixie SIZE=16G build.sh OUT
#
# No loop device and no mount is needed. Without root it uses user namespaces, which need
# sub-ids for the user (/etc/subuid, /etc/subgid; Debian's adduser makes them).
set -euo pipefail

suite=${SUITE:-bookworm}
size=${SIZE:-8G}
sources=${SOURCES:-/etc/apt/sources.list.d/debian.sources}
[ -e "$sources" ] || sources=http://deb.debian.org/debian
here=$(cd "$(dirname "$0")" && pwd)
grub=/usr/lib/grub/i386-pc
PATH=$PATH:/usr/sbin:/sbin

step() { printf '%3ds  %s\n' "$SECONDS" "$*"; }
fail() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

require() {
  local missing=() pair
  for pair in mmdebstrap:mmdebstrap busybox:busybox-static cpio:cpio \
    grub-mkimage:grub-common mke2fs:e2fsprogs qemu-img:qemu-utils unshare:util-linux dpkg-deb:dpkg; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  [ -e $grub/boot.img ] || missing+=(grub-pc-bin)
  [ ${#missing[@]} -eq 0 ] || fail "missing Debian packages; run: sudo apt-get install ${missing[*]}"
  if [ "$(id -u)" -ne 0 ] && ! unshare --user --map-auto --map-root-user true 2>/dev/null; then
    fail "this user may not make user namespaces with sub-ids. Run it as root, or run once:
  sudo apt-get install uidmap && sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $(id -un)"
  fi
}

# Writes root.tar in the working folder: the packages, and the kernel's package unopened in /kernel.
bootstrap() {
  mmdebstrap --quiet --variant=minbase --format=tar \
    --include=busybox-static,openssh-server,sudo,iproute2,netbase,ca-certificates,kmod,e2fsprogs,nano,less \
    --aptopt='Apt::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook='mkdir "$1/kernel" && cd "$1/kernel" && export APT_CONFIG=$MMDEBSTRAP_APT_CONFIG &&
      apt-get download -qq -o APT::Sandbox::User=root \
        "$(apt-cache depends linux-image-cloud-amd64 | sed -n "s/.*Depends: \(linux-image-[^ ]*\).*/\1/p" | head -n 1)"' \
    "$suite" work/root.tar "$sources" > work/bootstrap.log 2>&1 ||
    fail "mmdebstrap failed: $(tail -n 5 work/bootstrap.log)"
}

# Copies the kernel and the modules that a virtual machine needs; no initramfs-tools.
install_kernel() {
  local root=$1 package=work/package
  dpkg-deb -x "$root"/kernel/*.deb $package
  rm -r "$root/kernel"
  version=$(ls $package/lib/modules)
  modules=$root/lib/modules/$version
  mkdir -p "$modules"
  cp "$package/boot/vmlinuz-$version" "$root/boot/vmlinuz"
  (
    cd "$package/lib/modules/$version"
    find kernel -type f \( -name 'virtio*.ko' -o -name '*failover.ko' -o -name isofs.ko -o -name cdrom.ko \
      -o -name button.ko -o -name evdev.ko -o -name psmouse.ko -o -name overlay.ko -o -name 'nls*.ko' \
      -o -name '*fat.ko' -o -name 'crc*.ko' -o -name sd_mod.ko -o -name 'scsi_*.ko' -o -name t10-pi.ko \
      -o -path '*net/netfilter*' -o -name tun.ko -o -name veth.ko -o -name bridge.ko -o -name llc.ko \
      -o -name stp.ko \) -print0 | xargs -0 cp --parents -t "$OLDPWD/$modules" modules.*
  )
  chroot "$root" depmod "$version"
}

# Writes the initramfs: busybox and the disk drivers, numbered in the order of their dependencies.
make_initramfs() {
  local root=$1 tree=work/initramfs number=10 module file
  declare -A seen=()
  mkdir -p $tree/{bin,dev,proc,sys,lib,new}
  cp "$root/bin/busybox" $tree/bin/
  install -m 755 "$here/guest/initramfs-init" $tree/init
  for module in virtio_pci virtio_blk virtio_scsi sd_mod; do
    for file in $(sed -n "s#^\(kernel/.*/$module\.ko\): *\(.*\)#\1 \2#p" "$modules/modules.dep" | tr ' ' '\n' | tac); do
      [ -z "${seen[$file]:-}" ] || continue
      seen[$file]=1
      cp "$modules/$file" "$tree/lib/$number-$(basename "$file")"
      number=$((number + 1))
    done
  done
  (cd $tree && find . -print0 | cpio -0 -o -H newc --quiet) | gzip -9 > "$root/boot/initrd.img"
}

configure() {
  local root=$1 applet
  for applet in init poweroff reboot halt getty; do ln -sf /bin/busybox "$root/sbin/$applet"; done
  mkdir -p "$root"/usr/lib/vitrine "$root"/etc/{acpi/PWRF,rc.local.d,ssh/sshd_config.d} "$root/boot/grub"
  install -m 755 "$here"/guest/{boot,seed,dhcp} "$root/usr/lib/vitrine/"
  install -m 755 "$here/guest/power-button" "$root/etc/acpi/PWRF/00000080"
  install -m 644 "$here/guest/inittab" "$root/etc/inittab"
  install -m 644 "$here/guest/grub.cfg" "$root/boot/grub/grub.cfg"
  echo 'HostKey /etc/ssh/ssh_host_ed25519_key' > "$root/etc/ssh/sshd_config.d/10-vitrine.conf"
  echo 'LABEL=root / ext4 defaults 0 1' > "$root/etc/fstab"
  echo localhost > "$root/etc/hostname"
  printf '127.0.0.1 localhost\n::1 localhost\n' > "$root/etc/hosts"
  rm -f "$root"/etc/ssh/ssh_host_*
  : > "$root/etc/machine-id"
  : > "$root/etc/resolv.conf"
}

# Writes disk.raw in the working folder: boot record, GRUB core in the gap behind it, ext4 from 1 MiB on.
make_disk() {
  local root=$1 disk=work/disk.raw sectors
  truncate -s "$size" $disk
  sectors=$(($(stat -c %s $disk) / 512 - 2048))
  {
    printf '\x80\x20\x21\x00\x83\xfe\xff\xff\x00\x08\x00\x00'
    printf "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $((sectors & 255)) $((sectors >> 8 & 255)) \
      $((sectors >> 16 & 255)) $((sectors >> 24 & 255)))"
    dd if=/dev/zero bs=48 count=1 status=none
    printf '\x55\xaa'
  } | dd of=$disk bs=1 seek=446 conv=notrunc status=none
  # Nothing is left for the guest to initialise: that would fill each machine's layer.
  mke2fs -q -t ext4 -L root -i 32768 -E offset=1048576,root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0 \
    -d "$root" $disk $((sectors / 2))k
  printf 'search --no-floppy --label root --set=root\nset prefix=($root)/boot/grub\nconfigfile $prefix/grub.cfg\n' \
    > work/early.cfg
  grub-mkimage -d $grub -O i386-pc -p '(hd0,msdos1)/boot/grub' -c work/early.cfg -o work/core.img \
    biosdisk part_msdos ext2 search search_label configfile normal linux16 echo boot test minicmd
  [ "$(stat -c %s work/core.img)" -lt $((2047 * 512)) ] || fail "GRUB's core does not fit before the first partition"
  dd if=$grub/boot.img of=$disk bs=440 count=1 conv=notrunc status=none
  dd if=work/core.img of=$disk bs=512 seek=1 conv=notrunc status=none
}

# Runs as root, or as root of a user namespace.
assemble() {
  local root=work/root
  mkdir $root
  tar -C $root --exclude='./dev/*' --numeric-owner -xf work/root.tar
  rm work/root.tar
  step "kernel and initramfs"
  install_kernel $root
  make_initramfs $root
  configure $root
  step "disk of $size"
  make_disk $root
  rm -rf $root work/package work/initramfs
}

if [ "${1:-}" = --assemble ]; then
  cd "$2"
  SECONDS=$3
  assemble
  exit
fi

[ $# -eq 1 ] || fail "usage: build.sh OUT"
require
mkdir -p "$1"
cd "$1"
rm -rf work
mkdir work
trap 'rm -rf work' EXIT
step "Debian $suite, minimal"
bootstrap
if [ "$(id -u)" -eq 0 ]; then
  "$here/build.sh" --assemble "$PWD" $SECONDS
else
  unshare --user --map-auto --map-root-user "$here/build.sh" --assemble "$PWD" $SECONDS
fi
step "compressing"
qemu-img convert -f raw -c -W -m 4 -O qcow2 -o compression_type=zstd work/disk.raw work/base.qcow2
chmod 444 work/base.qcow2
mv -f work/base.qcow2 base.qcow2
step "done: $PWD/base.qcow2 ($(du -h base.qcow2 | cut -f 1))"
