/** How pictures are stored unless somebody says otherwise, on the page and headless alike. */
export const pictureDefaults = { size: 96, fit: 'crop', background: '#ffffff' } as const;
