// What happens to four columns of a product before they are stored.

override ACTIVATION_AFTER_RESIDUAL: bool = false;

/// `index` is where the values are stored, in elements of the output.
fn finish(product: vec4f, column_vector: u32, index: u32) -> vec4f {
  let value = add_bias(apply_scale(product, column_vector), column_vector);
  if (ACTIVATION_AFTER_RESIDUAL) {
    return activate(add_residual(value, index));
  }
  return add_residual(activate(value), index);
}
