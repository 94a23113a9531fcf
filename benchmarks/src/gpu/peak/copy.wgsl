// As much memory traffic as the device can do: y = x.

const VECTORS = 4u; // per invocation

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(256)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
) {
  let stride = group_count.x * 256u;
  for (var i = 0u; i < VECTORS; i++) {
    let index = id.x + i * stride;
    y[index] = x[index];
  }
}
