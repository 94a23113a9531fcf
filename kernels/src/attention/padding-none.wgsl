// There are only keys that exist. Where NOWHERE is read, the score does not count.

fn load_key(start: u32, head: u32, i: u32) -> vec4f {
  return load_inside_key(select(start, 0, start == NOWHERE), i);
}

fn load_value(start: u32, head: u32, i: u32) -> vec4f {
  return load_inside_value(select(start, 0, start == NOWHERE), i);
}
