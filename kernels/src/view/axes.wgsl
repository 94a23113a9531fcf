// Walks up to six axes, numbered from the innermost. Linked to shaders that read strided operands.

override AXES: u32; // those in use
override SIZE_0: u32 = 1;
override SIZE_1: u32 = 1;
override SIZE_2: u32 = 1;
override SIZE_3: u32 = 1;
override SIZE_4: u32 = 1;

struct Position {
  inner: vec3u, // along axes 0, 1, 2
  outer: vec3u, // along axes 3, 4, 5
}

/// Where the element of this row-major index lies. The outermost axis takes what is left.
fn position_of(index: u32) -> Position {
  var position = Position(vec3u(index, 0, 0), vec3u());
  if (AXES > 1) {
    position.inner = vec3u(index % SIZE_0, index / SIZE_0, 0);
  }
  if (AXES > 2) {
    let rest = position.inner.y;
    position.inner = vec3u(position.inner.x, rest % SIZE_1, rest / SIZE_1);
  }
  if (AXES > 3) {
    let rest = position.inner.z;
    position.inner.z = rest % SIZE_2;
    position.outer.x = rest / SIZE_2;
  }
  if (AXES > 4) {
    let rest = position.outer.x;
    position.outer = vec3u(rest % SIZE_3, rest / SIZE_3, 0);
  }
  if (AXES > 5) {
    let rest = position.outer.y;
    position.outer = vec3u(position.outer.x, rest % SIZE_4, rest / SIZE_4);
  }
  return position;
}

fn walk(position: Position, inner_strides: vec3u, outer_strides: vec3u) -> u32 {
  return dot(position.inner, inner_strides) + dot(position.outer, outer_strides);
}
