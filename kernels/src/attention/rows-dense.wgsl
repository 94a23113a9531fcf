// Every query of an image attends to every key of it.

fn query_place(group: u32, query: u32) -> Place {
  return Place(group, min(query, QUERIES - 1), query < QUERIES);
}

// Past the end the last key stands in: its score does not count.
fn key_place(group: u32, key: u32) -> Place {
  return Place(group, min(key, KEYS - 1), true);
}
