import type { Report } from '../../model/report.ts';
import type { Grid } from '../../view/cells.ts';
import { formatKnown } from '../../view/format.ts';
import { processName } from '../../view/process-name.ts';
import { exitSummary } from '../../view/summary.ts';
import { reportStatus } from '../../view/tones.ts';
import { paintGrid } from './paint-grid.ts';
import type { Picture } from './picture.ts';
import { pictureThemes, type ThemeName } from './picture-theme.ts';

/** The rows of a screen as a picture, with what it says in words for those who cannot see it. */
export function makePicture(grid: Grid, report: Report, columns: number, theme: ThemeName): Picture {
  const colours = pictureThemes[theme];
  const { word } = reportStatus(report);
  const comm = formatKnown(report.target.comm, processName);
  return {
    columns,
    rows: paintGrid(grid, colours),
    background: colours.background,
    title: `vdsotop: ${comm} (pid ${report.target.pid}) ${word}`,
    description: exitSummary(report).join('\n'),
  };
}
