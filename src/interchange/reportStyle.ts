import { chartStyle } from '../core/svgCharts.ts';

/** Style and the one switch of a report: no fonts, no requests; paper when it is printed. */
export const reportStyle = `
:root{color-scheme:light dark;--ink:#1c2024;--muted:#5b6470;--paper:#fff;--line:#d9dee4;${chartStyle('light')}}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--muted:#a4adb8;--paper:#16191d;--line:#3a4048;${chartStyle('dark')}}}
@media print{:root{--ink:#000;--muted:#444;--paper:#fff;--line:#bbb;${chartStyle('light')}}button{display:none}section,figure,li{break-inside:avoid}}
*{box-sizing:border-box}
body{font:15px/1.55 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:var(--ink);background:var(--paper);max-width:980px;margin:0 auto;padding:24px 20px 60px}
html:lang(zh) .en,html:not(:lang(zh)) .zh{display:none}
h1{font-size:26px;margin:0}h2{font-size:19px;margin:34px 0 8px;border-bottom:1px solid var(--line);padding-bottom:4px}h3{font-size:15px;margin:18px 0 4px}
.muted,figcaption{color:var(--muted)}.head{display:flex;gap:16px;justify-content:space-between;align-items:start}
button{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:6px;padding:4px 12px;cursor:pointer;white-space:nowrap}
.big{display:flex;flex-wrap:wrap;gap:12px 34px;margin:14px 0}.big b{display:block;font-size:30px;line-height:1.15;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:6px 0}th,td{text-align:right;padding:3px 12px 3px 0;border-bottom:1px solid var(--line);vertical-align:top}th:first-child,td:first-child{text-align:left}td.left{text-align:left}
.wide{overflow-x:auto}.charts{display:flex;flex-wrap:wrap;gap:18px 24px}figure{margin:0;flex:1 1 400px;max-width:480px}.narrow{flex:0 1 280px}
svg{color:var(--ink)}svg.chart{width:100%;height:auto;display:block}svg text{font:11px system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif;fill:var(--ink)}.grid{stroke:var(--line)}.level{stroke:var(--muted);stroke-dasharray:4 3}.frame{fill:none;stroke:var(--line)}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0;font-size:13px}
ol.samples{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(280px,1fr));gap:10px 18px}ol.samples li{display:flex;gap:10px;overflow-wrap:anywhere}ol.samples img{width:64px;height:64px;border-radius:4px;image-rendering:auto;flex:none}ol.samples p{margin:0;font-size:13px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px}dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
`;

export const reportScript =
  "document.querySelector('button').onclick=()=>{const h=document.documentElement;h.lang=h.lang==='zh-CN'?'en':'zh-CN'}";
