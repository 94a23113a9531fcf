// A sum over the invocations of a workgroup.

var<workgroup> partial: array<f32, WORKGROUP_SIZE>; // a power of two

/// To be called by all of them. The result is that of the first.
fn group_sum(value: f32, lane: u32) -> f32 {
  partial[lane] = value;
  for (var stride = WORKGROUP_SIZE / 2; stride > 0; stride /= 2) {
    workgroupBarrier();
    if (lane < stride) {
      partial[lane] += partial[lane + stride];
    }
  }
  return partial[lane];
}
