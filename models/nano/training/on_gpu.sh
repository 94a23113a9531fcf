#!/usr/bin/env bash
# One GPU session from nothing to measured weights: scenes, training, export, evaluation, in LIMIT seconds.
#
#   CARRY=carry OUT=out LIMIT=570 bash on_gpu.sh
#
# CARRY: banks/models.npz, banks/held_out.npz (fetch_models.py), banks/textures.npz
# (fetch_textures.py), bsds/ and photos/, each as far as it is there. All cores draw and render
# scenes while the GPU trains on those that are already there.
# Results go to OUT, in files of at most 16 MB: last.pt (to go on from: RESUME=.../last.pt), weights
# in float16 and int8, table.txt (before and after), sheet.jpg, train.log, results.tar.gz.
set -uo pipefail
cd "$(dirname "$0")" || exit 1
CARRY=${CARRY:-carry} OUT=${OUT:-out} LIMIT=${LIMIT:-570}
CORES=${CORES:-$(nproc)} DEVICE=${DEVICE:-auto} SEED=${SEED:-1} SIZE=${SIZE:-384}
RESUME=${RESUME:-resume/last.pt} BEFORE=${BEFORE:-../weights/nano.safetensors}
STAGES=${STAGES:-0.35:256x160,0.65:384x80} SMALLER=${SMALLER:-0.35:256x64,0.65:384x32}
LR=${LR:-8e-4} EMA=${EMA:-0.999} LESSONS=${LESSONS:-all} SHARE=${SHARE:-0.5}
RESIDENT=${RESIDENT:-36000}   # scenes in GPU memory, 0.9 MB each at 384
FIRST=${FIRST:-600} SHARD=${SHARD:-50}  # scenes to begin with, and per file
MEASURE=${MEASURE:-110}       # seconds kept for export and evaluation
LIMITED=${LIMITED:-150}       # photographs to measure on; 0 for all
HELD=${HELD:-8}               # scenes of held-out models to measure on, per core
LOG=${LOG:-100}               # steps between lines of the log
EXTRA=${EXTRA:-}              # further options of train.py
WORK=${WORK:-$(mktemp -d)}
began=$(date +%s)
left() { echo $((LIMIT - $(date +%s) + began)); }
say() { echo "[$(($(date +%s) - began)) s] $*"; }
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS=1 PYTHONUNBUFFERED=1
mkdir -p "$OUT" "$WORK/pool" "$WORK/held" "$WORK/run"

makers=()
stop_makers() {
  [ ${#makers[@]} -gt 0 ] && kill "${makers[@]}" 2>/dev/null
  [ ${#makers[@]} -gt 0 ] && wait "${makers[@]}" 2>/dev/null
  makers=()
}
trap stop_makers EXIT

renders=()
if [ -f "$CARRY/banks/models.npz" ] && python3 -c 'import numba'; then
  renders=(--models "$CARRY/banks/models.npz" --share "$SHARE")
else
  say 'NO RENDERED SCENES: no model bank, or no Numba'
fi
if [ -f "$CARRY/banks/textures.npz" ]; then
  renders+=(--textures "$CARRY/banks/textures.npz")
else
  say 'NO PHOTOGRAPHED MATERIALS: no bank of textures'
fi
producers=$((CORES > 2 ? CORES - 1 : 1))
for i in $(seq "$producers"); do
  nice -n 5 python3 make_pool.py --out "$WORK/pool" --count 10000000 --size "$SIZE" \
    --shard "$SHARD" --seed $((SEED * 1000 + i)) ${renders[@]+"${renders[@]}"} \
    >"$WORK/maker$i.log" 2>&1 &
  makers+=($!)
done
scenes() { echo $(($(find "$WORK/pool" -name '*_img.npy' | wc -l) * SHARD)); }
while [ "$(scenes)" -lt "$FIRST" ] && [ "$(left)" -gt $((LIMIT * 3 / 4)) ]; do sleep 1; done
say "$(scenes) scenes to begin with"
[ "$(scenes)" -gt 0 ] || { tail -5 "$WORK"/maker*.log; exit 1; }

train() { # seconds, stages
  timeout -k 30 -s TERM $(($1 + 60)) python3 train.py --pool "$WORK/pool" --out "$WORK/run" \
    --minutes "$(python3 -c "print($1 / 60)")" --resume "$RESUME" --resident "$RESIDENT" \
    --lessons "$LESSONS" --stages "$2" --lr "$LR" --ema "$EMA" --device "$DEVICE" --seed "$SEED" \
    --save 120 --log "$LOG" $EXTRA
}
if ! train $(($(left) - MEASURE)) "$STAGES" 2>&1 | tee "$OUT/train.log"; then
  say 'the run failed; smaller batches for the time that is left'
  if [ "$(left)" -lt $((MEASURE + 60)) ]; then exit 1; fi
  train $(($(left) - MEASURE)) "$SMALLER" 2>&1 | tee -a "$OUT/train.log" || exit 1
fi
stop_makers
say "trained; $(scenes) scenes were made"
last=$WORK/run/last.pt
python3 slim.py --checkpoint "$last" --out "$OUT/last.pt"
python3 export.py --checkpoint "$last" --out "$OUT/nano.safetensors" || exit 1
python3 export.py --checkpoint "$last" --out "$OUT/nano-int8.safetensors" --int8
mv "$OUT"/nano*.json "$WORK/run/"

if [ -f "$CARRY/banks/held_out.npz" ] && [ ${#renders[@]} -gt 0 ]; then
  making=()
  for i in $(seq "$CORES"); do
    python3 make_pool.py --out "$WORK/held" --count "$HELD" --size "$SIZE" --seed $((2000 + i)) \
      --models "$CARRY/banks/held_out.npz" --share 1 >/dev/null 2>&1 &
    making+=($!)
  done
  wait "${making[@]}"
fi
measure() { # what, source option, folder
  [ -d "$3" ] && [ -n "$(ls -A "$3")" ] || return 0
  for which in before after int8; do
    case $which in before) w=$BEFORE ;; after) w=$OUT/nano.safetensors ;; *) w=$OUT/nano-int8.safetensors ;; esac
    python3 evaluate.py "$2" "$3" --weights "$w" --size "$SIZE" --limit "$LIMITED" \
      --processes "$CORES" --json "$WORK/run/$1-$which.json" >/dev/null
  done
  echo "== $1: before -> after"
  python3 compare.py "$WORK/run/$1-before.json" "$WORK/run/$1-after.json"
  echo "== $1: after -> after in int8"
  python3 compare.py "$WORK/run/$1-after.json" "$WORK/run/$1-int8.json"
}
{
  measure photographs --bsds "$CARRY/bsds"
  measure held-out --pool "$WORK/held"
} 2>&1 | tee "$OUT/table.txt"
if [ -d "$CARRY/photos" ]; then
  python3 contact_sheet.py --photos "$CARRY/photos" --weights "$OUT/nano.safetensors" \
    --size "$SIZE" --out "$OUT/sheet.jpg"
fi
tar -czf "$OUT/results.tar.gz" -C "$WORK/run" --exclude last.pt . -C "$WORK" $(cd "$WORK" && ls maker1.log)
say "done; $(du -ch "$OUT"/* | tail -1 | cut -f1) in $OUT"
