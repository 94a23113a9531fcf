// Where the rows of queries, keys and values lie. Linked to every attention shader.

override HEADS: u32;
override QUERIES: u32; // that attend together
override KEYS: u32; // that are attended together
override WIDTH: u32; // of a head of queries and keys
override VALUE_WIDTH: u32; // of a head of values
override SCALE: f32;

override QUERY_ROWS: u32; // in one image of the batch
override QUERY_OFFSET: u32; // in elements, as the strides
override QUERY_ROW_STRIDE: u32;
override QUERY_BATCH_STRIDE: u32;
override KEY_OFFSET: u32;
override KEY_ROW_STRIDE: u32;
override KEY_BATCH_STRIDE: u32;
override VALUE_OFFSET: u32;
override VALUE_ROW_STRIDE: u32;
override VALUE_BATCH_STRIDE: u32;

const LOWEST = -3.0e38; // score of what is no key
const NOWHERE = 0xffffffffu; // of a key that is padding

/// One row of an image.
struct Place {
  image: u32,
  row: u32,
  inside: bool, // false where there is no such row
}

/// Index of a query's row in dense tensors.
fn query_index(place: Place) -> u32 {
  return place.image * QUERY_ROWS + place.row;
}

fn query_start(place: Place, head: u32) -> u32 {
  return QUERY_OFFSET + place.image * QUERY_BATCH_STRIDE + place.row * QUERY_ROW_STRIDE + head * WIDTH;
}

fn key_start(place: Place, head: u32) -> u32 {
  let start = KEY_OFFSET + place.image * KEY_BATCH_STRIDE + place.row * KEY_ROW_STRIDE + head * WIDTH;
  return select(NOWHERE, start, place.inside);
}

fn value_start(place: Place, head: u32) -> u32 {
  let row = place.image * VALUE_BATCH_STRIDE + place.row * VALUE_ROW_STRIDE;
  return select(NOWHERE, VALUE_OFFSET + row + head * VALUE_WIDTH, place.inside);
}
