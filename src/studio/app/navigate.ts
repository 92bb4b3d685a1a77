/** Moves between screens from anywhere, components or not. */
import { navigate } from 'wouter/use-hash-location';
import { pathOf, type ScreenId } from './paths.ts';

export const goTo = (id: ScreenId) => navigate(pathOf(id));

export const atScreen = (id: ScreenId): boolean => location.hash.replace(/^#/, '') === pathOf(id);
