/** The bytes of a bitmap through a WebGL texture, not multiplied by alpha. One context serves all pictures of a worker. */
import type { Picture } from './resize.ts';

let shared: WebGL2RenderingContext | null | undefined;

/** Undefined where there is no WebGL, or the picture is larger than its textures. */
export function readTexture(bitmap: ImageBitmap): Picture | undefined {
  shared ??= new OffscreenCanvas(1, 1).getContext('webgl2');
  const gl = shared;
  const { width, height } = bitmap;
  if (!gl || gl.isContextLost() || Math.max(width, height) > Number(gl.getParameter(gl.MAX_TEXTURE_SIZE)))
    return undefined;
  const texture = gl.createTexture();
  const frame = gl.createFramebuffer();
  try {
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
    gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    if (gl.checkFramebufferStatus(gl.FRAMEBUFFER) !== gl.FRAMEBUFFER_COMPLETE) return undefined;
    const data = new Uint8Array(width * height * 4);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, data);
    return gl.getError() === gl.NO_ERROR ? { width, height, data } : undefined;
  } finally {
    gl.deleteFramebuffer(frame);
    gl.deleteTexture(texture);
  }
}
