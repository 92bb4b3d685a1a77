/** The package has no types of its own. */
declare module 'svgcanvas' {
  /** Records what is drawn as SVG elements. Of paths only its own commands, no Path2D. */
  export const Context: new (
    width: number,
    height: number,
  ) => CanvasRenderingContext2D & { getSvg(): SVGSVGElement };
}
