/**
 * Error function 2/√π ∫₀ˣ e^−t² dt. In WGSL a rational minimax fit on −4 … 4 (odd degree 13 over even degree 8), beyond which
 * float32 is ±1; in float64 the Taylor series, and past 3 the continued fraction of erfc (Abramowitz & Stegun 7.1.5, 7.1.14).
 */
import { affine, exp, mul } from './functions.ts';
import { pointwise } from './pointwise.ts';

const numerator = [
  -2.72614225801306e-10, 2.77068142495902e-8, -2.10102402082508e-6, -5.69250639462346e-5,
  -7.34990630326855e-4, -2.95459980854025e-3, -1.60960333262415e-2,
];
const denominator = [
  -1.45660718464996e-5, -2.13374055278905e-4, -1.68282697438203e-3, -7.37332916720468e-3,
  -1.42647390514189e-2,
];
const horner = (coefficients: number[], z: string) =>
  coefficients
    .slice(1)
    .reduce((text, coefficient) => `(${text} * ${z} + ${coefficient})`, `${coefficients[0]}`);

export function erfValue(x: number): number {
  const a = Math.abs(x);
  if (a < 3) {
    let term = a;
    let total = a;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total) && n < 200; n++) {
      term *= (-a * a) / n;
      total += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * total) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * (a + fraction)));
}

pointwise({
  name: 'erf',
  arity: 1,
  expression: ([x], _, type) => {
    const clamped = `clamp(${x}, ${type}(-4.0), ${type}(4.0))`;
    const square = `(${clamped} * ${clamped})`;
    return `(${clamped} * ${horner(numerator, square)} / ${horner(denominator, square)})`;
  },
  value: () => erfValue,
  vjp: ({ inputs: [x], gradients: [dy] }) => [
    mul(dy!, affine(exp(affine(mul(x, x), -1)), 2 / Math.sqrt(Math.PI))),
  ],
  tfjs: (tf, [x]) => tf.erf(x),
});
