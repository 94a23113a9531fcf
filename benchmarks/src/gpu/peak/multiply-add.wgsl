// As many multiplications and additions as the device can do: eight independent chains of vec4f in
// registers, no memory traffic.

const ITERATIONS = 256u;

@group(0) @binding(0) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
  // Known only at run time, and such that no chain grows or vanishes.
  let start = vec4f(f32(id.x % 7u), 1.0, 2.0, 3.0);
  let scale = vec4f(0.5) + start * 1e-3;
  let step = vec4f(0.25) + start * 1e-3;
  var a = start;
  var b = start + 1.0;
  var c = start + 2.0;
  var d = start + 3.0;
  var e = start + 4.0;
  var f = start + 5.0;
  var g = start + 6.0;
  var h = start + 7.0;
  for (var i = 0u; i < ITERATIONS; i++) {
    a = a * scale + step;
    b = b * scale + step;
    c = c * scale + step;
    d = d * scale + step;
    e = e * scale + step;
    f = f * scale + step;
    g = g * scale + step;
    h = h * scale + step;
    a = a * scale + step;
    b = b * scale + step;
    c = c * scale + step;
    d = d * scale + step;
    e = e * scale + step;
    f = f * scale + step;
    g = g * scale + step;
    h = h * scale + step;
  }
  let sum = a + b + c + d + e + f + g + h;
  // Never true, which the compiler cannot see; so nothing is written, and nothing is left out.
  if (sum.x == 12345.0) {
    y[0] = sum;
  }
}
