// Functions of one argument, chosen by ACTIVATION. Linked to the shaders that apply one.

alias Value = vec4f; // or f32
alias Bits = vec4u; // or u32

override ACTIVATION: u32 = 0; // position in ACTIVATIONS of activation.ts

/// Error below 1.3e-7 for any x. The exponent is a least-maximum fit of -log2(1 - erf(x)) on
/// [0, 4.2]; beyond, erf rounds to 1.
fn erf(x: Value) -> Value {
  let t = min(abs(x), Value(4.2));
  var p = t * 4.53586836e-5 - 4.45507932e-4;
  p = p * t + 1.48944138e-3;
  p = p * t + 7.74631859e-4;
  p = p * t - 2.82536838e-2;
  p = p * t + 1.48481622e-1;
  p = p * t + 9.18416381e-1;
  p = p * t + 1.62790859;
  return sign(x) * (1.0 - exp2(-p * t));
}

// exp of arguments far out is infinite, which WGSL lets a device compute anything with.
fn sigmoid(x: Value) -> Value {
  return 1.0 / (1.0 + exp(min(-x, Value(88.0))));
}

// tanh is 1 in f32 from 9.02 on; devices that divide exponentials give NaN far out.
fn safe_tanh(x: Value) -> Value {
  return tanh(clamp(x, Value(-9.1), Value(9.1)));
}

fn hard_sigmoid(x: Value) -> Value {
  return clamp(x * (1.0 / 6.0) + 0.5, Value(0.0), Value(1.0));
}

// log(1 + e) loses e where it is small; there the series is exact.
fn softplus(x: Value) -> Value {
  let e = exp(-abs(x));
  return max(x, Value(0.0)) + select(log(1.0 + e), e * (1.0 - 0.5 * e), e < Value(1e-3));
}

/// sin of x + quarter * pi / 2. WGSL promises sin only within 2^-11 and near zero, so the argument
/// is reduced to [-pi / 4, pi / 4] by a pi / 2 in three parts, and the Taylor series to x^9 or x^8
/// taken. Good to 2e-7 for |x| < 8000.
fn sine(x: Value, quarter: f32) -> Value {
  let turns = round(x * 0.636619772);
  var r = x - turns * 1.5703125;
  r -= turns * 4.837512969970703e-4;
  r -= turns * 7.549789948768648e-8;
  let s = r * r;
  let odd = r + r * s * (-1.66666667e-1 + s * (8.33333333e-3 + s * (-1.98412698e-4 + s * 2.75573192e-6)));
  let even = 1.0 + s * (-0.5 + s * (4.16666667e-2 + s * (-1.38888889e-3 + s * 2.48015873e-5)));
  let quarters = turns + quarter;
  let place = quarters - 4.0 * floor(quarters * 0.25); // 0, 1, 2 or 3
  let is_odd = (place == Value(1.0)) | (place == Value(3.0));
  return select(odd, even, is_odd) * select(Value(1.0), Value(-1.0), place >= Value(2.0));
}

// The upper half of a float32, rounded by the lower, ties to even.
fn to_bfloat16(x: Value) -> Value {
  let bits = bitcast<Bits>(x);
  let is_odd = (bits >> Bits(16)) & Bits(1);
  return bitcast<Value>((bits + Bits(0x7fff) + is_odd) & Bits(0xffff0000));
}

fn activate(x: Value) -> Value {
  switch (ACTIVATION) {
    case 1: { return abs(x); }
    case 2: { return ceil(x); }
    case 3: { return sine(x, 1.0); }
    case 4: { return exp(x); }
    case 5: { return floor(x); }
    case 6: { return 0.5 * x * (1.0 + erf(x * 0.70710678)); }
    case 7: { return 0.5 * x * (1.0 + safe_tanh(0.79788456 * (x + 0.044715 * x * x * x))); }
    case 8: { return hard_sigmoid(x); }
    case 9: { return x * hard_sigmoid(x); }
    case 10: { return log(x); }
    case 11: { return -x; }
    case 12: { return 1.0 / x; }
    case 13: { return max(x, Value(0.0)); }
    case 14: { return round(x); }
    case 15: { return sigmoid(x); }
    case 16: { return x * sigmoid(x); }
    case 17: { return sine(x, 0.0); }
    case 18: { return softplus(x); }
    case 19: { return sqrt(x); }
    case 20: { return safe_tanh(x); }
    case 21: { return to_bfloat16(x); }
    default: { return x; }
  }
}
