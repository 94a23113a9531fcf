// y = activate(x), dense y. Linked with axes.wgsl and activation.wgsl, which have `position_of` and
// `activate`.

override STEPS: u32;
override WORKGROUP_SIZE: u32;
override X_0: u32;
override X_1: u32;
override X_2: u32;
override X_3: u32;
override X_4: u32;
override X_5: u32;
override X_OFFSET: u32;
override Y_OFFSET: u32;

alias X = vec4<f32>; // f32 where one element is shared by all lanes of a Value

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
  let at = walk(position_of(step), vec3u(X_0, X_1, X_2), vec3u(X_3, X_4, X_5));
  y[step + Y_OFFSET] = activate(Value(x[at + X_OFFSET]));
}
