/** What a Linux build lacks of a board, in its own dialect: it runs before the image's boot file and asks the host.
 *
 * A question is a line on the console, byte 2 and JSON; the answer comes through a pipe, as a statement cannot wait for
 * the console: the interpreter reads that between statements only. Arrays get addresses of the host's board; their bytes
 * go there where they have changed since they last did.
 */

/** Name of the pipe, in the interpreter's folder. */
export const pipe = 'answer';

export const mark = '\u0002';

/** Functions of NRF that boards have. */
const radioFunctions = ['getAddress', 'setAdvertising', 'setScanResponse', 'setServices', 'setTxPower'];

export const shim = `(function(){
var files=require("fs"),arrays=[],address=E.getAddressOf;
function ask(question){print("\\x02"+JSON.stringify(question));return JSON.parse(files.readFileSync("${pipe}"))}
E.getAddressOf=function(v){
var own=address(v,true);
for(var i=0;i<arrays.length;i++)if(arrays[i].own===own)return arrays[i].at;
var at=ask(["place",v.length]);
arrays.push({own:own,v:v,at:at,check:0});
return at};
E.nativeCall=function(at){return function(a,b,c,d){
var sent=[];
arrays.forEach(function(e){var check=E.CRC32(e.v);if(check!==e.check)sent.push([e.at,btoa(e.v)])});
var reply=ask(["call",at,[a,b,c,d],sent]);
reply.changed.forEach(function(t){arrays.forEach(function(e){if(e.at===t[0])e.v.set(E.toUint8Array(atob(t[1])))})});
arrays.forEach(function(e){e.check=E.CRC32(e.v)});
return reply.result}};
E.forgetArrays=function(){arrays=[]};
var radio={};
${JSON.stringify(radioFunctions)}.forEach(function(n){radio[n]=function(){return ask(["radio",n,arguments])}});
global.NRF=radio;
global.LED1=D1;global.LED2=D2;global.LED3=D3;global.BTN1=D4;
})();
`;
