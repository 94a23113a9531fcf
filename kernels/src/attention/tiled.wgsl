// Attention in one pass over the keys, without a matrix of scores in memory.
//
// Each of 64 invocations owns a query: it keeps the query, its result so far, the largest score and
// the sum of the weights, and corrects the latter when a larger score comes (online softmax, Milakov
// and Gimelshein 2018; FlashAttention, Dao et al. 2022). Tiles of keys and values pass through
// workgroup memory, where all 64 read them.

const QUERY_VECTORS = 16u; // WIDTH / 4, rounded up
const VALUE_VECTORS = 16u; // VALUE_WIDTH / 4, rounded up
const TILE_KEYS = 16u; // a multiple of 4

var<workgroup> key_tile: array<vec4f, TILE_KEYS * QUERY_VECTORS>;
var<workgroup> value_tile: array<vec4f, TILE_KEYS * VALUE_VECTORS>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let head = group.y;
  let place = query_place(group.z, 64 * group.x + invocation);

  var own_query: array<vec4f, QUERY_VECTORS>;
  let own_start = query_start(place, head);
  for (var i = 0u; i < QUERY_VECTORS; i++) {
    own_query[i] = SCALE * load_query(own_start, 4 * i);
  }
  var result: array<vec4f, VALUE_VECTORS>;
  var largest = LOWEST;
  var weight_sum = 0.0;

  for (var first = 0u; first < KEYS; first += TILE_KEYS) {
    workgroupBarrier();
    for (var i = invocation; i < TILE_KEYS * QUERY_VECTORS; i += 64) {
      let start = key_start(key_place(group.z, first + i / QUERY_VECTORS), head);
      key_tile[i] = load_key(start, head, 4 * (i % QUERY_VECTORS));
    }
    for (var i = invocation; i < TILE_KEYS * VALUE_VECTORS; i += 64) {
      let start = value_start(key_place(group.z, first + i / VALUE_VECTORS), head);
      value_tile[i] = load_value(start, head, 4 * (i % VALUE_VECTORS));
    }
    workgroupBarrier();

    var scores: array<vec4f, TILE_KEYS / 4>;
    var tile_largest = vec4f(largest);
    for (var j = 0u; j < TILE_KEYS / 4; j++) {
      var four = vec4f();
      let at = 4 * j * QUERY_VECTORS;
      for (var i = 0u; i < QUERY_VECTORS; i++) {
        four += own_query[i] * mat4x4f(
          key_tile[at + i],
          key_tile[at + QUERY_VECTORS + i],
          key_tile[at + 2 * QUERY_VECTORS + i],
          key_tile[at + 3 * QUERY_VECTORS + i],
        );
      }
      let keys = vec4u(0, 1, 2, 3) + (first + 4 * j);
      four = select(vec4f(LOWEST), four + score_bias(place, head, keys.x), keys < vec4u(KEYS));
      scores[j] = four;
      tile_largest = max(tile_largest, four);
    }

    let pair = max(tile_largest.xy, tile_largest.zw);
    let new_largest = max(pair.x, pair.y);
    let correction = exp(largest - new_largest);
    largest = new_largest;
    weight_sum *= correction;
    for (var i = 0u; i < VALUE_VECTORS; i++) {
      result[i] *= correction;
    }
    for (var j = 0u; j < TILE_KEYS / 4; j++) {
      let weights = exp(scores[j] - largest);
      weight_sum += dot(weights, vec4f(1));
      let at = 4 * j * VALUE_VECTORS;
      for (var i = 0u; i < VALUE_VECTORS; i++) {
        result[i] += mat4x4f(
          value_tile[at + i],
          value_tile[at + VALUE_VECTORS + i],
          value_tile[at + 2 * VALUE_VECTORS + i],
          value_tile[at + 3 * VALUE_VECTORS + i],
        ) * weights;
      }
    }
  }

  if (place.inside) {
    for (var i = 0u; i < VALUE_VECTORS; i++) {
      store(query_index(place), head, 4 * i, result[i] / weight_sum);
    }
  }
}
