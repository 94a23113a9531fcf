// A sum over the invocations of a workgroup, in two steps: barriers are dear on software adapters, and
// no cheaper than some additions elsewhere.

const SUMMED = 16u; // the square root of the size of a workgroup

var<workgroup> values_of_lanes: array<f32, SUMMED * SUMMED>;
var<workgroup> sums_of_lanes: array<f32, SUMMED>;

/// To be called by all of them. The result is that of the first.
fn group_sum(value: f32, lane: u32) -> f32 {
  values_of_lanes[lane] = value;
  workgroupBarrier();
  if (lane < SUMMED) {
    var sum = 0.0;
    for (var i = 0u; i < SUMMED; i++) {
      sum += values_of_lanes[lane + i * SUMMED];
    }
    sums_of_lanes[lane] = sum;
  }
  workgroupBarrier();
  var sum = 0.0;
  if (lane == 0) {
    for (var i = 0u; i < SUMMED; i++) {
      sum += sums_of_lanes[i];
    }
  }
  return sum;
}
