#!/usr/bin/env bash
# Boots systemd as the first process of namespaces of its own, on a throw-away copy of this host's
# files: what happens inside never reaches the host, and all of it ends with the first process.
# Usage (as root): boot-systemd.sh DIR; DIR is empty and holds the mount points.
set -euo pipefail

if [ "${2:-}" != inside ]; then
  exec unshare --fork --mount --pid --uts --ipc --net --cgroup --kill-child "$0" "$1" inside
fi

dir=$1
root=$dir/layers/root
mount --make-rprivate /
mkdir -p "$dir/layers"
mount -t tmpfs -o size=12g tmpfs "$dir/layers"
mkdir "$dir/layers/upper" "$dir/layers/work" "$root"
mount -t overlay overlay \
  -o "lowerdir=/,upperdir=$dir/layers/upper,workdir=$dir/layers/work" "$root"

mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"

# Nothing of the host's own units: only what is installed inside.
system=$root/etc/systemd/system
mkdir -p "$system"
rm -rf "$system"/*.wants
ln -sf /lib/systemd/system/multi-user.target "$system/default.target"
for unit in tmp.mount getty.target systemd-logind.service systemd-networkd.service \
  systemd-resolved.service systemd-timesyncd.service; do
  ln -sf /dev/null "$system/$unit"
done

# systemd empties /tmp at its start; the checkout or Node may lie there.
mkdir -p "$root/etc/tmpfiles.d"
ln -sf /dev/null "$root/etc/tmpfiles.d/tmp.conf"

ip link set lo up
hostname casemate-test
cd "$root"
mkdir -p .host
pivot_root . .host
umount -l .host
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --log-target=journal --show-status=no
