// Copies one view into another, bit by bit. Linked with axes.wgsl, which has `position_of`.

alias Value = vec4<u32>; // or u32
alias X = vec4<u32>; // u32 where one element is shared by all lanes of a Value

override STEPS: u32;
override WORKGROUP_SIZE: u32;
override X_0: u32;
override X_1: u32;
override X_2: u32;
override X_3: u32;
override X_4: u32;
override X_5: u32;
override X_OFFSET: u32;
override Y_0: u32;
override Y_1: u32;
override Y_2: u32;
override Y_3: u32;
override Y_4: u32;
override Y_5: u32;
override Y_OFFSET: u32;

@group(0) @binding(0) var<storage, read> x: array<X>;
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
  let source = walk(position, vec3u(X_0, X_1, X_2), vec3u(X_3, X_4, X_5));
  let target_at = walk(position, vec3u(Y_0, Y_1, Y_2), vec3u(Y_3, Y_4, Y_5));
  y[target_at + Y_OFFSET] = Value(x[source + X_OFFSET]);
}
