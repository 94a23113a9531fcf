// Eight rows of the left factor, of which each of four invocations reads two: reading from memory
// is the dear part, as a software adapter does it lane by lane. Wants subgroups of 4.

struct Rows {
  r0: vec4f,
  r1: vec4f,
  r2: vec4f,
  r3: vec4f,
  r4: vec4f,
  r5: vec4f,
  r6: vec4f,
  r7: vec4f,
}

fn load_rows(start: u32, row: u32, depth: u32, invocation: u32) -> Rows {
  let low = load_left(start, min(row + invocation, ROWS - 1), depth);
  let high = load_left(start, min(row + 4 + invocation, ROWS - 1), depth);
  return Rows(
    subgroupBroadcast(low, 0),
    subgroupBroadcast(low, 1),
    subgroupBroadcast(low, 2),
    subgroupBroadcast(low, 3),
    subgroupBroadcast(high, 0),
    subgroupBroadcast(high, 1),
    subgroupBroadcast(high, 2),
    subgroupBroadcast(high, 3),
  );
}
