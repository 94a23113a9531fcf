// Eight rows of the left factor, which all four invocations read.

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
  let last = ROWS - 1;
  return Rows(
    load_left(start, min(row, last), depth),
    load_left(start, min(row + 1, last), depth),
    load_left(start, min(row + 2, last), depth),
    load_left(start, min(row + 3, last), depth),
    load_left(start, min(row + 4, last), depth),
    load_left(start, min(row + 5, last), depth),
    load_left(start, min(row + 6, last), depth),
    load_left(start, min(row + 7, last), depth),
  );
}
