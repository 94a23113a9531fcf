// Four keys, or values, that all invocations read. `own` is where the key lies of which an
// invocation would have charge if they shared the reading.

fn own_key(group: u32, head: u32, first: u32, invocation: u32) -> u32 {
  return first;
}

fn own_value(group: u32, head: u32, first: u32, invocation: u32) -> u32 {
  return first;
}

fn four_keys(own: u32, group: u32, head: u32, i: u32) -> mat4x4f {
  return mat4x4f(
    load_key(key_start(key_place(group, own), head), head, i),
    load_key(key_start(key_place(group, own + 1), head), head, i),
    load_key(key_start(key_place(group, own + 2), head), head, i),
    load_key(key_start(key_place(group, own + 3), head), head, i),
  );
}

fn four_values(own: u32, group: u32, head: u32, i: u32) -> mat4x4f {
  return mat4x4f(
    load_value(value_start(key_place(group, own), head), head, i),
    load_value(value_start(key_place(group, own + 1), head), head, i),
    load_value(value_start(key_place(group, own + 2), head), head, i),
    load_value(value_start(key_place(group, own + 3), head), head, i),
  );
}
