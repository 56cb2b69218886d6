// Writes the files of JavaScript's writers into the folder that generate.py wrote: node generate.mjs FOLDER
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as THREE from 'three'
import { GLTFExporter } from 'three/examples/jsm/exporters/GLTFExporter.js'
import { STLExporter } from 'three/examples/jsm/exporters/STLExporter.js'
import { NodeIO } from '@gltf-transform/core'
import modeling from '@jscad/modeling'
import stl from '@jscad/stl-serializer'

const out = name => join(process.argv[2], name)

// What three.js asks of a browser.
globalThis.FileReader = class {
  readAsArrayBuffer (blob) {
    blob.arrayBuffer().then(buffer => { this.result = buffer; this.onloadend() })
  }
}

const box = new THREE.Mesh(new THREE.BoxGeometry(0.04, 0.02, 0.01), new THREE.MeshStandardMaterial())
box.updateMatrixWorld()
const glb = await new GLTFExporter().parseAsync(box, { binary: true })
writeFileSync(out('threejs.glb'), Buffer.from(glb))
const large = new THREE.Mesh(new THREE.BoxGeometry(40, 20, 10))
large.updateMatrixWorld()
writeFileSync(out('threejs-binary.stl'), Buffer.from(new STLExporter().parse(large, { binary: true }).buffer))
writeFileSync(out('threejs-ascii.stl'), new STLExporter().parse(large))

const io = new NodeIO()
const document = await io.readBinary(new Uint8Array(readFileSync(out('threejs.glb'))))
writeFileSync(out('gltf-transform.glb'), await io.writeBinary(document))

const { booleans, primitives } = modeling
const part = booleans.subtract(
  primitives.cuboid({ size: [40, 20, 10] }),
  primitives.cylinder({ radius: 2.5, height: 11, segments: 12 })
)
const bytes = parts => Buffer.concat(parts.map(part => Buffer.from(part)))
writeFileSync(out('jscad-binary.stl'), bytes(stl.serialize({ binary: true }, part)))
writeFileSync(out('jscad-ascii.stl'), bytes(stl.serialize({ binary: false }, part)))
