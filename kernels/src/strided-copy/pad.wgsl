// y = x with FILL around it, dense y, bit by bit. Linked with axes.wgsl, which walks y.

alias Value = vec4<u32>; // or u32

override STEPS: u32;
override WORKGROUP_SIZE: u32;
override FILL: u32; // the bits of the fill value
override X_0: u32;
override X_1: u32;
override X_2: u32;
override X_3: u32;
override X_4: u32;
override X_5: u32;
override X_OFFSET: u32;
override Y_OFFSET: u32;
// Along each axis, from the innermost: fills before x, and elements of x.
override BEFORE_0: u32 = 0;
override BEFORE_1: u32 = 0;
override BEFORE_2: u32 = 0;
override BEFORE_3: u32 = 0;
override BEFORE_4: u32 = 0;
override BEFORE_5: u32 = 0;
override INSIDE_0: u32 = 1;
override INSIDE_1: u32 = 1;
override INSIDE_2: u32 = 1;
override INSIDE_3: u32 = 1;
override INSIDE_4: u32 = 1;
override INSIDE_5: u32 = 1;

@group(0) @binding(0) var<storage, read> x: array<Value>;
@group(0) @binding(1) var<storage, read_write> y: array<Value>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let step = (group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane;
  if (step >= STEPS) {
    return;
  }
  let position = position_of(step);
  // Before x the differences wrap to large numbers, which are not inside either.
  let inner = position.inner - vec3u(BEFORE_0, BEFORE_1, BEFORE_2);
  let outer = position.outer - vec3u(BEFORE_3, BEFORE_4, BEFORE_5);
  let inside = all(inner < vec3u(INSIDE_0, INSIDE_1, INSIDE_2)) &&
    all(outer < vec3u(INSIDE_3, INSIDE_4, INSIDE_5));
  var value = Value(FILL);
  if (inside) {
    let source = walk(Position(inner, outer), vec3u(X_0, X_1, X_2), vec3u(X_3, X_4, X_5));
    value = x[source + X_OFFSET];
  }
  y[step + Y_OFFSET] = value;
}
