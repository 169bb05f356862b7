import { describe, expect, it } from 'vitest';
import { placePanels, type Wants } from '../../src/view/layout.ts';
import type { PanelId } from '../../src/view/screen-state.ts';

const wants: Wants = {
  clocks: { id: 'clocks', least: 4, comfortable: 8, wanted: 14 },
  why: { id: 'why', least: 3, comfortable: 8, wanted: 18 },
  callSites: { id: 'callSites', least: 3, comfortable: 6, wanted: 6 },
  threads: { id: 'threads', least: 4, comfortable: 5, wanted: 12 },
  mappings: { id: 'mappings', least: 4, comfortable: 5, wanted: 7 },
  events: { id: 'events', least: 2, comfortable: 3, wanted: 3 },
  chart: { id: 'chart', least: 9, comfortable: 9, wanted: 16 },
};

const placed = (columns: number, height: number, focus: PanelId = 'clocks') =>
  placePanels(columns, height, wants, focus).flatMap(({ stacks }) => stacks.flatMap(({ panels }) => panels));

describe('placePanels', () => {
  it.each([40, 60, 80, 109, 110, 120, 160, 200, 240])('never takes more than it has, on %d columns', (columns) => {
    for (let height = 3; height <= 66; height++) {
      const bands = placePanels(columns, height, wants, 'clocks');
      expect(bands.reduce((sum, band) => sum + band.height, 0)).toBeLessThanOrEqual(height);
      for (const band of bands)
        for (const { panels } of band.stacks)
          expect(panels.reduce((sum, panel) => sum + panel.height, 0)).toBeLessThanOrEqual(band.height);
    }
  });

  it('keeps the clocks and why on the smallest screen', () => {
    expect(placed(60, 9).map(({ id }) => id)).toEqual(['clocks', 'why']);
  });

  it('brings the focused panel onto a screen too small for all', () => {
    expect(placed(60, 9, 'mappings').map(({ id }) => id)).toContain('mappings');
    expect(placed(120, 24, 'events').map(({ id }) => id)).toContain('events');
  });

  it('shows everything, and a chart below, where there is room', () => {
    expect(placed(200, 54).map(({ id }) => id)).toEqual([
      'clocks',
      'why',
      'callSites',
      'threads',
      'mappings',
      'events',
      'chart',
    ]);
    expect(placed(80, 70).map(({ id }) => id)).toContain('chart');
  });

  it('fills the width with two stacks', () => {
    const [, band] = placePanels(120, 35, wants, 'clocks');
    expect(band?.stacks.reduce((sum, { width }) => sum + width, 3)).toBe(120);
  });
});
