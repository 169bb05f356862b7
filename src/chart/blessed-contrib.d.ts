/** As much of blessed-contrib 4.11's line widget as blessed-line.ts uses; the package has no types of this file. */
declare module 'blessed-contrib/lib/widget/charts/line.js' {
  /** The part of CanvasRenderingContext2D that the widget draws with. */
  export interface LineContext {
    fillStyle: string;
    strokeStyle: string;
    clearRect(x: number, y: number, width: number, height: number): void;
    beginPath(): void;
    moveTo(x: number, y: number): void;
    lineTo(x: number, y: number): void;
    stroke(): void;
    fillText(text: string, x: number, y: number): void;
  }

  /** What setData reads of `this`; the constructor would fill in the options and the canvas. */
  export interface LineWidget {
    readonly options: {
      readonly minY: number;
      readonly maxY: number;
      readonly numYLabels: number;
      readonly showNthLabel: number;
      readonly xLabelPadding: number;
      readonly xPadding: number;
      readonly wholeNumbersOnly: boolean;
      readonly style: { readonly line: string; readonly text: string; readonly baseline: string };
    };
    readonly canvasSize: { readonly width: number; readonly height: number };
    readonly ctx: LineContext;
  }

  const Line: {
    readonly prototype: {
      setData(
        this: LineWidget,
        data: readonly { readonly x: readonly string[]; readonly y: readonly number[] }[],
      ): void;
    };
  };
  export default Line;
}
