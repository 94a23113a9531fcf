#!/usr/bin/env bash
# Puts together what on_gpu.sh wants to find on a machine without network.
#
#   bash carry.sh CARRY BANKS [BSDS [PHOTOS]]
#
# BANKS: of fetch_models.py and fetch_textures.py. BSDS: with images/ and groundTruth/; every second
# picture of train and val is taken, to stay below 64 MB in all. PHOTOS: for the contact sheet.
set -euo pipefail
carry=$1 banks=$2 bsds=${3:-} photos=${4:-}
mkdir -p "$carry/banks"
cp "$banks"/models.npz "$banks"/held_out.npz "$carry/banks/"
[ ! -f "$banks/textures.npz" ] || cp "$banks/textures.npz" "$carry/banks/"
if [ -n "$bsds" ]; then
  for split in train val; do
    mkdir -p "$carry/bsds/images/$split" "$carry/bsds/groundTruth/$split"
    find "$bsds/images/$split" -name '*.jpg' | sort | awk 'NR % 2' | while read -r picture; do
      name=$(basename "$picture" .jpg)
      cp "$picture" "$carry/bsds/images/$split/"
      cp "$bsds/groundTruth/$split/$name.mat" "$carry/bsds/groundTruth/$split/"
    done
  done
fi
if [ -n "$photos" ]; then
  mkdir -p "$carry/photos"
  cp "$photos"/*.jpg "$carry/photos/"
fi
du -sh "$carry"
