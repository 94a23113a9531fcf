#!/bin/sh
# Compares samgpu's kernels with ONNX Runtime's on this machine's GPU. Needs no network and no Node.
#
#   ./run.sh [--json] [--filter TEXT] [--runs N] [--scale reduced|full] [--profile]
#
# Results go to $OUT, or to ./results where that is not set.
set -eu
PATH=${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
export PATH
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)

# Prints where a library lies; fails where it is not found.
find_library() {
  for folder in /usr/lib/x86_64-linux-gnu /lib/x86_64-linux-gnu /usr/lib64 /usr/lib \
    /usr/local/lib /usr/local/nvidia/lib64 /usr/local/nvidia/lib /run/opengl-driver/lib; do
    if [ -e "$folder/$1" ]; then
      echo "$folder/$1"
      return 0
    fi
  done
  # Lines such as: libvulkan.so.1 (libc6,x86-64) => /some/folder/libvulkan.so.1
  found=$(ldconfig -p 2>/dev/null | sed -n "s|^[[:space:]]*$1 (.*x86-64.*) => ||p" | head -n 1)
  [ -n "$found" ] && echo "$found"
}

add_library_folder() {
  LD_LIBRARY_PATH="$1${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
  export LD_LIBRARY_PATH
}

use_driver() {
  VK_DRIVER_FILES=$1
  VK_ICD_FILENAMES=$1 # what older loaders read
  export VK_DRIVER_FILES VK_ICD_FILENAMES
  echo "Vulkan driver: $1" >&2
}

# The library that NVIDIA's driver is for Vulkan. The usual one needs X11's client library, which
# containers often lack; the one for EGL is the same without it.
nvidia_library() {
  if find_library libX11.so.6 >/dev/null; then
    find_library libGLX_nvidia.so.0 || find_library libEGL_nvidia.so.0
  else
    find_library libEGL_nvidia.so.0 || find_library libGLX_nvidia.so.0
  fi
}

scratch=
clean_up() {
  [ -z "$scratch" ] || rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

choose_driver() {
  # Where Vulkan's loader looks by itself.
  for folder in /etc/vulkan /usr/share/vulkan /usr/local/etc/vulkan /usr/local/share/vulkan; do
    for file in "$folder"/icd.d/*nvidia*.json; do
      [ ! -e "$file" ] || return 0
    done
  done
  for folder in /usr/local/nvidia /usr/local/nvidia/share /run/opengl-driver/share; do
    for file in "$folder"/vulkan/icd.d/*.json; do
      if [ -e "$file" ]; then
        use_driver "$file"
        return 0
      fi
    done
  done
  library=$(nvidia_library) || return 0
  scratch=$(mktemp -d)
  cat >"$scratch/nvidia_icd.json" <<END
{
  "file_format_version": "1.0.0",
  "ICD": { "library_path": "$library", "api_version": "1.3.0" }
}
END
  add_library_folder "$(dirname "$library")"
  use_driver "$scratch/nvidia_icd.json"
}

find_library libvulkan.so.1 >/dev/null || add_library_folder "$here/lib"
if [ -z "${VK_DRIVER_FILES:-}${VK_ICD_FILENAMES:-}" ]; then
  choose_driver
fi

"$here/bin/node" "$here/app/main.mjs" "$@"
