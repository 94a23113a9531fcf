// What is summed over the cells of a window. Colours are taken from the middle of their range, so
// that variances keep their digits in f32.

const MOMENTS = 14u;
const MIDDLE = 0.5;

/// Windows side by side that an invocation sums. Their sums are made by additions alone: what a
/// sliding window leaves of large sums would pass for small ones.
const RUN = 4i;

const LABEL = 1u << 24; // flags beside a colour: inside of the mask
const SEEN = 1u << 25; // not transparent

struct Moments {
  weight: f32,
  label: f32, // as all that follows, times the weight
  color: vec3f,
  color_label: vec3f,
  squares: vec3f, // rr, gg, bb
  products: vec3f, // rg, rb, gb
}

fn plus(a: Moments, b: Moments) -> Moments {
  return Moments(
    a.weight + b.weight,
    a.label + b.label,
    a.color + b.color,
    a.color_label + b.color_label,
    a.squares + b.squares,
    a.products + b.products,
  );
}
