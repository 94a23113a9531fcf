// Where the windows of a convolution lie. Linked to the shaders of this folder.

override HEIGHT: u32; // of x
override WIDTH: u32;
override OUT_HEIGHT: u32;
override OUT_WIDTH: u32;
override KERNEL_HEIGHT: u32;
override KERNEL_WIDTH: u32;
override STRIDE_Y: u32;
override STRIDE_X: u32;
override PADDING_TOP: u32;
override PADDING_LEFT: u32;
override DILATION_Y: u32;
override DILATION_X: u32;

/// The corner of the window of an output pixel. Rows and columns of the padding above and to the
/// left are below 0, that is, very large: `is_inside` is false for both ends.
struct Window {
  image_row: u32, // of all images, one below the other: of the window's image, row 0
  y: u32,
  x: u32,
}

fn window_of(pixel: u32) -> Window {
  let out_row = pixel / OUT_WIDTH;
  return Window(
    (out_row / OUT_HEIGHT) * HEIGHT,
    (out_row % OUT_HEIGHT) * STRIDE_Y - PADDING_TOP,
    (pixel % OUT_WIDTH) * STRIDE_X - PADDING_LEFT,
  );
}

fn is_inside(y: u32, x: u32) -> bool {
  return y < HEIGHT && x < WIDTH;
}
