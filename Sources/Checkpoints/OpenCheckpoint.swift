import Foundation

/// Opens weights in any format that this program reads, which the content decides, not the name.
///
/// - safetensors, or the `.index.json` of several;
/// - PyTorch files (`.pth` `.pt` `.bin` `.ckpt`), since 1.6 and before, or the index of several;
/// - `.tar.gz` and `.tar` with one such file, as MMF's model zoo has them;
/// - a folder with one of these, or with a file of Hugging Face's usual names.
///
/// A dictionary under `model`, `state_dict` or `model_state_dict` counts as the weights, the rest
/// is the archive's document. A `module.` before every name is removed.
///
/// - Throws: `CheckpointError`.
public func openCheckpoint(_ path: String) throws -> any TensorArchive {
  var isFolder: ObjCBool = false
  if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
    return try openCheckpoint(try WeightsFolder.weights(in: path))
  }
  return try openArchive(MappedFile(path: path))
}

/// Opens a file that lies in memory, whatever its format.
func openArchive(_ mapping: MappedFile) throws -> any TensorArchive {
  switch FileFormat(mapping.bytes) {
  case .safetensors: return try SafetensorsFile(mapping)
  case .zip: return try PyTorchZip.open(mapping)
  case .legacy: return try PyTorchLegacy.open(mapping)
  case .index: return try ShardedArchive(mapping)
  case .gzip: return try PackedArchive.open(mapping, isCompressed: true)
  case .tar: return try PackedArchive.open(mapping, isCompressed: false)
  case .other(let words): throw CheckpointError.unknownFormat(file: mapping.path, found: words)
  }
}
