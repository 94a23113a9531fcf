// Masks of whole photographs from logits of low resolution: enlarges by weighted sums of neighbours,
// thresholds, packs 32 pixels into a word, and counts.
//
// Sizes are read from a buffer, so that one pipeline serves photographs of all sizes.

override WORKGROUP_SIZE: u32;

struct Parameters {
  masks: u32,
  height: u32, // of the logits
  width: u32,
  offset: u32, // where the logits begin, in elements
  out_height: u32,
  out_width: u32,
  row_taps: u32, // weights per output position
  column_taps: u32,
  threshold: f32,
  stability_offset: f32,
  inclusive: u32, // 1: a logit at the threshold is inside
}

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var<storage, read> logits: array<f32>; // [masks, height, width]
@group(0) @binding(2) var<storage, read> rows: array<i32>; // [out_height, first + weights]
@group(0) @binding(3) var<storage, read> columns: array<i32>; // [out_width, first + weights]
@group(0) @binding(4) var<storage, read_write> bits: array<u32>; // [masks, out_height, words], left is low
@group(0) @binding(5) var<storage, read_write> counts: array<atomic<u32>>; // [masks, 8], zeros before

// Pixels inside; above the threshold plus and minus the offset; then the largest distance of an
// inside pixel from the right, the bottom, the left and the top edge, counted from 1.
var<workgroup> found: array<atomic<u32>, 7>;

fn logit_at(start: u32, row: u32, column: u32) -> f32 {
  let row_entry = row * (parameters.row_taps + 1);
  let column_entry = column * (parameters.column_taps + 1);
  var sum = 0.0;
  for (var i = 0u; i < parameters.row_taps; i++) {
    let line = start + (u32(rows[row_entry]) + i) * parameters.width + u32(columns[column_entry]);
    var mixed = 0.0;
    for (var j = 0u; j < parameters.column_taps; j++) {
      mixed += bitcast<f32>(columns[column_entry + 1 + j]) * logits[line + j];
    }
    sum += bitcast<f32>(rows[row_entry + 1 + i]) * mixed;
  }
  return sum;
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let words = (parameters.out_width + 31) / 32;
  let step = (group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane;
  let row = step / words;
  let mask = group.z;
  if (row < parameters.out_height) {
    let start = parameters.offset + mask * parameters.height * parameters.width;
    let first = 32 * (step % words);
    let count = min(32, parameters.out_width - first);
    let high = parameters.threshold + parameters.stability_offset;
    let low = parameters.threshold - parameters.stability_offset;
    var word = 0u;
    var above_high = 0u;
    var above_low = 0u;
    for (var i = 0u; i < count; i++) {
      let logit = logit_at(start, row, first + i);
      let inside = logit > parameters.threshold ||
        (parameters.inclusive == 1 && logit == parameters.threshold);
      word |= select(0u, 1u, inside) << i;
      above_high += select(0u, 1u, logit > high);
      above_low += select(0u, 1u, logit > low);
    }
    bits[mask * parameters.out_height * words + step] = word;
    if (above_low > 0) {
      atomicAdd(&found[1], above_high);
      atomicAdd(&found[2], above_low);
    }
    if (word != 0) {
      atomicAdd(&found[0], countOneBits(word));
      atomicMax(&found[3], parameters.out_width - (first + firstTrailingBit(word)));
      atomicMax(&found[4], parameters.out_height - row);
      atomicMax(&found[5], first + firstLeadingBit(word) + 1);
      atomicMax(&found[6], row + 1);
    }
  }
  workgroupBarrier();
  if (lane < 7) {
    let value = atomicLoad(&found[lane]);
    if (value > 0) {
      if (lane < 3) {
        atomicAdd(&counts[8 * mask + lane], value);
      } else {
        atomicMax(&counts[8 * mask + lane], value);
      }
    }
  }
}
