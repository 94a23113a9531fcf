// Attention of few queries to many keys: a workgroup for each query, its keys split among 64
// invocations, which put their shares together at the end.

const QUERY_VECTORS = 16u; // WIDTH / 4, rounded up
const VALUE_VECTORS = 16u; // VALUE_WIDTH / 4, rounded up

var<workgroup> shares: array<vec4f, 64>;

/// Sums a vector over the workgroup. Every invocation gets the total.
fn workgroup_sum(invocation: u32, own: vec4f) -> vec4f {
  shares[invocation] = own;
  for (var stride = 32u; stride > 0; stride /= 2) {
    workgroupBarrier();
    if (invocation < stride) {
      shares[invocation] += shares[invocation + stride];
    }
  }
  return workgroupUniformLoad(&shares[0]);
}

fn workgroup_largest(invocation: u32, own: f32) -> f32 {
  shares[invocation].x = own;
  for (var stride = 32u; stride > 0; stride /= 2) {
    workgroupBarrier();
    if (invocation < stride) {
      shares[invocation].x = max(shares[invocation].x, shares[invocation + stride].x);
    }
  }
  return workgroupUniformLoad(&shares[0]).x;
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let head = group.y;
  let place = query_place(group.z, group.x);

  var own_query: array<vec4f, QUERY_VECTORS>;
  let own_start = query_start(place, head);
  for (var i = 0u; i < QUERY_VECTORS; i++) {
    own_query[i] = SCALE * load_query(own_start, 4 * i);
  }
  var result: array<vec4f, VALUE_VECTORS>;
  var largest = LOWEST;
  var weight_sum = 0.0;

  for (var first = 4 * invocation; first < KEYS; first += 256) {
    var scores: vec4f;
    for (var j = 0u; j < 4; j++) {
      let start = key_start(key_place(group.z, first + j), head);
      var score = 0.0;
      for (var i = 0u; i < QUERY_VECTORS; i++) {
        score += dot(own_query[i], load_key(start, head, 4 * i));
      }
      scores[j] = score;
    }
    let keys = vec4u(0, 1, 2, 3) + first;
    scores = select(vec4f(LOWEST), scores + score_bias(place, head, first), keys < vec4u(KEYS));

    let pair = max(scores.xy, scores.zw);
    let new_largest = max(largest, max(pair.x, pair.y));
    let correction = exp(largest - new_largest);
    largest = new_largest;
    let weights = exp(scores - largest);
    weight_sum = weight_sum * correction + dot(weights, vec4f(1));
    let start_0 = value_start(key_place(group.z, first), head);
    let start_1 = value_start(key_place(group.z, first + 1), head);
    let start_2 = value_start(key_place(group.z, first + 2), head);
    let start_3 = value_start(key_place(group.z, first + 3), head);
    for (var i = 0u; i < VALUE_VECTORS; i++) {
      result[i] = result[i] * correction + mat4x4f(
        load_value(start_0, head, 4 * i),
        load_value(start_1, head, 4 * i),
        load_value(start_2, head, 4 * i),
        load_value(start_3, head, 4 * i),
      ) * weights;
    }
  }

  let correction = exp(largest - workgroup_largest(invocation, largest));
  workgroupBarrier();
  let total = workgroup_sum(invocation, vec4f(weight_sum * correction)).x;
  for (var i = 0u; i < VALUE_VECTORS; i++) {
    workgroupBarrier();
    let sum = workgroup_sum(invocation, result[i] * correction);
    if (invocation == 0 && place.inside) {
      store(query_index(place), head, 4 * i, sum / total);
    }
  }
}
