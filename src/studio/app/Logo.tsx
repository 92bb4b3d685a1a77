/** The mark: a square (pictures) and a circle (words) that melt into one where they overlap. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect x="3" y="3" width="18" height="18" rx="3.5" fill="var(--a-image)" />
      <circle cx="20.5" cy="20.5" r="9.5" fill="var(--a-text)" />
      <path
        d="M21 11.02 A9.5 9.5 0 0 0 11.02 21 L17.5 21 A3.5 3.5 0 0 0 21 17.5 Z"
        fill="var(--a-fused)"
        stroke="var(--a-canvas)"
        strokeWidth="1.4"
        strokeLinejoin="round"
      />
    </svg>
  );
}
