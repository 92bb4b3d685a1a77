/** Where the page comes from: in a build it was made beside the studio; from sources it is made now (scripts/player.ts). */

export interface Player {
  script: string;
  style: string;
}

export async function player(): Promise<Player> {
  // Vite and Vitest set it; the command line, which runs from sources, does not.
  if (import.meta.env) return import('virtual:player');
  const scripts = '../../../scripts/player.ts';
  const { buildPlayer }: { buildPlayer(): Promise<Player> } = await import(/* @vite-ignore */ scripts);
  return buildPlayer();
}
