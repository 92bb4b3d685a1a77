import type { Texts } from '../texts.ts';

export const profile = {
  'profile.button': ['Profile {steps} steps', '剖析 {steps} 步'],
  'profile.now': ['{rate} pairs/s · {ms} ms a step', '每秒 {rate} 对 · 每步 {ms} 毫秒'],
  'profile.do': [
    'Press “Profile {steps} steps” to see which kernels and blocks take the time. They are the run’s own next steps; the run stays the same.',
    '点击“剖析 {steps} 步”，查看哪些内核与模块耗时。所用的正是本次训练接下来的几步，训练结果不变。',
  ],
  'profile.finished': [
    'This run is finished. Train again, or open it at an earlier checkpoint, to profile its steps.',
    '本次训练已结束。重新训练，或从较早的检查点打开，即可剖析。',
  ],
  'profile.untimed.no-timestamps': [
    'This adapter has no timestamps (the WebGPU feature timestamp-query), so its kernels cannot be timed. Memory and the split of a step are shown all the same.',
    '此适配器没有时间戳（WebGPU 特性 timestamp-query），无法测量各内核的时间。内存与单步构成仍可查看。',
  ],
  'profile.untimed.asynchronous': [
    'This backend of TensorFlow.js works asynchronously and cannot be timed from outside. Memory and the split of a step are shown all the same.',
    'TensorFlow.js 的这一后端异步执行，无法从外部计时。内存与单步构成仍可查看。',
  ],
  'profile.root': ['step', '一步'],
  'profile.summary': [
    '{ms} ms in {kernels} kernels a step, mean of {steps} {steps|step|steps}',
    '每步 {kernels} 个内核共 {ms} 毫秒，{steps} 步平均',
  ],
  'profile.resolution': ['timestamps to {value}', '时间戳精度 {value}'],
  'profile.flame': [
    'Time by block, {ms} ms. Arrow keys move, Enter enlarges, Escape goes back.',
    '各模块的时间，共 {ms} 毫秒。方向键移动，回车放大，Esc 返回。',
  ],
  'profile.flame.hint': [
    'Point at a block for its time; press it to enlarge, press one above to go back.',
    '指向模块查看时间；点击放大，点击上层返回。',
  ],
  'profile.cell': [
    '{path}: {ms} ms, {share}, {count} {count|dispatch|dispatches}',
    '{path}：{ms} 毫秒，{share}，{count} 次调度',
  ],
  'profile.kinds': ['Time by kind of kernel', '各类内核的时间'],
  'profile.kind': ['{ms} ms · {share} · {count} ×', '{ms} 毫秒 · {share} · {count} 次'],
  'profile.memoryTotal': ['{bytes} for a training step and its weights', '训练一步及权重共 {bytes}'],
  'profile.memory.parameters': ['parameters', '参数'],
  'profile.memory.gradients': ['gradients', '梯度'],
  'profile.memory.moments': ['moments of the optimizer', '优化器动量'],
  'profile.memory.activations': ['activations', '激活值'],
  'profile.memory.resident': ['pictures on the device', '设备上的图片'],
  'profile.memory.inputs': ['inputs of a step', '单步输入'],
  'profile.memory.records': ['norms, records, settings', '范数、记录与设置'],
  'profile.split.axis': ['ms a step', '每步毫秒'],
  'profile.split.data': ['making the batch', '制作批次'],
  'profile.split.encode': ['encoding and submitting', '编码与提交'],
  'profile.split.wait': ['waiting for the device', '等待设备'],
  'profile.split.empty': ['The split appears with the first steps.', '最初几步完成后显示单步构成。'],
  'profile.split.tfjs': [
    'TensorFlow.js computes while it encodes: nothing is left to wait for.',
    'TensorFlow.js 在编码时即完成计算，因此几乎无需等待。',
  ],
} as const satisfies Texts;
