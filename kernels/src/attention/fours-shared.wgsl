// Four keys, or values, of which each of four invocations reads one. Wants subgroups of 4.

fn own_key(group: u32, head: u32, first: u32, invocation: u32) -> u32 {
  return key_start(key_place(group, first + invocation), head);
}

fn own_value(group: u32, head: u32, first: u32, invocation: u32) -> u32 {
  return value_start(key_place(group, first + invocation), head);
}

fn spread(own: vec4f) -> mat4x4f {
  return mat4x4f(
    subgroupBroadcast(own, 0),
    subgroupBroadcast(own, 1),
    subgroupBroadcast(own, 2),
    subgroupBroadcast(own, 3),
  );
}

fn four_keys(own: u32, group: u32, head: u32, i: u32) -> mat4x4f {
  return spread(load_key(own, head, i));
}

fn four_values(own: u32, group: u32, head: u32, i: u32) -> mat4x4f {
  return spread(load_value(own, head, i));
}
