// Attention for adapters that run on a CPU, where reading memory is dear and registers are named.
//
// Each of four invocations owns four queries. Scores are made in tiles of 4 queries by 16 keys and
// kept for a block of keys; then results are made in tiles of 4 queries by 16 columns. The softmax
// is corrected once per block.

const VALUE_TILES = 4u; // VALUE_WIDTH / 16, rounded up
const BLOCK_KEYS = 64u; // a multiple of 16

struct Queries {
  start: vec4u,
  place_0: Place,
  place_1: Place,
  place_2: Place,
  place_3: Place,
}

var<private> scores: array<vec4f, BLOCK_KEYS>; // [keys / 4, queries], of four keys each
var<private> result: array<vec4f, 16 * VALUE_TILES>; // [columns / 16, queries, columns / 4]

@compute @workgroup_size(4)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let head = group.y;
  let first_query = 16 * group.x + 4 * invocation;
  let place_0 = query_place(group.z, first_query);
  let place_1 = query_place(group.z, first_query + 1);
  let place_2 = query_place(group.z, first_query + 2);
  let place_3 = query_place(group.z, first_query + 3);
  let starts = vec4u(
    query_start(place_0, head),
    query_start(place_1, head),
    query_start(place_2, head),
    query_start(place_3, head),
  );
  let queries = Queries(starts, place_0, place_1, place_2, place_3);

  var largest = vec4f(LOWEST); // per query
  var weight_sum = vec4f();
  for (var first = 0u; first < KEYS; first += BLOCK_KEYS) {
    let end = min(first + BLOCK_KEYS, KEYS);
    var new_largest = largest;
    for (var tile = first; tile < end; tile += 16) {
      new_largest = max(new_largest, score(queries, group.z, head, tile, first, invocation));
    }
    let correction = exp(largest - new_largest);
    largest = new_largest;
    weight_sum *= correction;
    for (var key = first; key < end; key += 4) {
      let i = key - first;
      let weights_0 = exp(scores[i] - largest.x);
      let weights_1 = exp(scores[i + 1] - largest.y);
      let weights_2 = exp(scores[i + 2] - largest.z);
      let weights_3 = exp(scores[i + 3] - largest.w);
      scores[i] = weights_0;
      scores[i + 1] = weights_1;
      scores[i + 2] = weights_2;
      scores[i + 3] = weights_3;
      weight_sum += vec4f(1) * mat4x4f(weights_0, weights_1, weights_2, weights_3);
    }
    for (var tile = 0u; tile < VALUE_TILES; tile++) {
      weigh(group.z, head, tile, first, end, correction, invocation);
    }
  }

  for (var i = 0u; i < 4 * VALUE_TILES; i++) {
    let at = 16 * (i / 4) + i % 4;
    if (place_0.inside) {
      store(query_index(place_0), head, 4 * i, result[at] / weight_sum.x);
    }
    if (place_1.inside) {
      store(query_index(place_1), head, 4 * i, result[at + 4] / weight_sum.y);
    }
    if (place_2.inside) {
      store(query_index(place_2), head, 4 * i, result[at + 8] / weight_sum.z);
    }
    if (place_3.inside) {
      store(query_index(place_3), head, 4 * i, result[at + 12] / weight_sum.w);
    }
  }
}

/// Scores of 16 keys from `tile` on, into `scores`. Gives the largest per query.
fn score(queries: Queries, group: u32, head: u32, tile: u32, first: u32, invocation: u32) -> vec4f {
  let own_0 = own_key(group, head, tile, invocation);
  let own_1 = own_key(group, head, tile + 4, invocation);
  let own_2 = own_key(group, head, tile + 8, invocation);
  let own_3 = own_key(group, head, tile + 12, invocation);
  var s00 = vec4f();
  var s01 = vec4f();
  var s02 = vec4f();
  var s03 = vec4f();
  var s10 = vec4f();
  var s11 = vec4f();
  var s12 = vec4f();
  var s13 = vec4f();
  var s20 = vec4f();
  var s21 = vec4f();
  var s22 = vec4f();
  var s23 = vec4f();
  var s30 = vec4f();
  var s31 = vec4f();
  var s32 = vec4f();
  var s33 = vec4f();
  for (var i = 0u; i < WIDTH; i += 4) {
    let q0 = load_query(queries.start.x, i);
    let q1 = load_query(queries.start.y, i);
    let q2 = load_query(queries.start.z, i);
    let q3 = load_query(queries.start.w, i);
    let k0 = four_keys(own_0, group, head, i);
    s00 += q0 * k0;
    s10 += q1 * k0;
    s20 += q2 * k0;
    s30 += q3 * k0;
    let k1 = four_keys(own_1, group, head, i);
    s01 += q0 * k1;
    s11 += q1 * k1;
    s21 += q2 * k1;
    s31 += q3 * k1;
    let k2 = four_keys(own_2, group, head, i);
    s02 += q0 * k2;
    s12 += q1 * k2;
    s22 += q2 * k2;
    s32 += q3 * k2;
    let k3 = four_keys(own_3, group, head, i);
    s03 += q0 * k3;
    s13 += q1 * k3;
    s23 += q2 * k3;
    s33 += q3 * k3;
  }
  let at = tile - first;
  return vec4f(
    finish(queries.place_0, head, tile, at, s00, s01, s02, s03),
    finish(queries.place_1, head, tile, at + 1, s10, s11, s12, s13),
    finish(queries.place_2, head, tile, at + 2, s20, s21, s22, s23),
    finish(queries.place_3, head, tile, at + 3, s30, s31, s32, s33),
  );
}

fn finish(place: Place, head: u32, key: u32, at: u32, a: vec4f, b: vec4f, c: vec4f, d: vec4f) -> f32 {
  let s0 = finish_four(place, head, key, at, a);
  let s1 = finish_four(place, head, key + 4, at + 4, b);
  let s2 = finish_four(place, head, key + 8, at + 8, c);
  let s3 = finish_four(place, head, key + 12, at + 12, d);
  let four = max(max(s0, s1), max(s2, s3));
  let pair = max(four.xy, four.zw);
  return max(pair.x, pair.y);
}

fn finish_four(place: Place, head: u32, key: u32, at: u32, product: vec4f) -> vec4f {
  let score = SCALE * product + score_bias(place, head, key);
  let four = select(vec4f(LOWEST), score, vec4u(0, 1, 2, 3) + key < vec4u(KEYS));
  scores[at] = four;
  return four;
}

/// Adds the values of the block's keys to 16 columns of the results.
fn weigh(
  group: u32,
  head: u32,
  tile: u32,
  first: u32,
  end: u32,
  correction: vec4f,
  invocation: u32,
) {
  var r00 = result[16 * tile] * correction.x;
  var r01 = result[16 * tile + 1] * correction.x;
  var r02 = result[16 * tile + 2] * correction.x;
  var r03 = result[16 * tile + 3] * correction.x;
  var r10 = result[16 * tile + 4] * correction.y;
  var r11 = result[16 * tile + 5] * correction.y;
  var r12 = result[16 * tile + 6] * correction.y;
  var r13 = result[16 * tile + 7] * correction.y;
  var r20 = result[16 * tile + 8] * correction.z;
  var r21 = result[16 * tile + 9] * correction.z;
  var r22 = result[16 * tile + 10] * correction.z;
  var r23 = result[16 * tile + 11] * correction.z;
  var r30 = result[16 * tile + 12] * correction.w;
  var r31 = result[16 * tile + 13] * correction.w;
  var r32 = result[16 * tile + 14] * correction.w;
  var r33 = result[16 * tile + 15] * correction.w;
  for (var key = first; key < end; key += 4) {
    let own = own_value(group, head, key, invocation);
    let w0 = scores[key - first];
    let w1 = scores[key - first + 1];
    let w2 = scores[key - first + 2];
    let w3 = scores[key - first + 3];
    let v0 = four_values(own, group, head, 16 * tile);
    r00 += v0 * w0;
    r10 += v0 * w1;
    r20 += v0 * w2;
    r30 += v0 * w3;
    let v1 = four_values(own, group, head, 16 * tile + 4);
    r01 += v1 * w0;
    r11 += v1 * w1;
    r21 += v1 * w2;
    r31 += v1 * w3;
    let v2 = four_values(own, group, head, 16 * tile + 8);
    r02 += v2 * w0;
    r12 += v2 * w1;
    r22 += v2 * w2;
    r32 += v2 * w3;
    let v3 = four_values(own, group, head, 16 * tile + 12);
    r03 += v3 * w0;
    r13 += v3 * w1;
    r23 += v3 * w2;
    r33 += v3 * w3;
  }
  result[16 * tile] = r00;
  result[16 * tile + 1] = r01;
  result[16 * tile + 2] = r02;
  result[16 * tile + 3] = r03;
  result[16 * tile + 4] = r10;
  result[16 * tile + 5] = r11;
  result[16 * tile + 6] = r12;
  result[16 * tile + 7] = r13;
  result[16 * tile + 8] = r20;
  result[16 * tile + 9] = r21;
  result[16 * tile + 10] = r22;
  result[16 * tile + 11] = r23;
  result[16 * tile + 12] = r30;
  result[16 * tile + 13] = r31;
  result[16 * tile + 14] = r32;
  result[16 * tile + 15] = r33;
}
