import Checkpoints
import Foundation
import Inputs
import Synchronization
import Tensors

/// Feature maps of one shape, each computed once and kept in a file as bfloat16.
///
/// The file is sparse and mapped: what is needed often stays in memory as far as there is room, the
/// rest is read again. A map is the same bits whether it was just computed or read, as it is rounded
/// either way. Which maps are there is written down by `flush` only, after they have reached the
/// disk.
final class FeatureStore: @unchecked Sendable {
  private let path: String
  private let shape: Shape
  private let slots: Int
  private let slotBytes: Int
  private let address: UnsafeMutableRawPointer
  private let handle: Int32
  private let isFilled: Mutex<[UInt8]>

  /// Bytes in front of a map: width and height of its picture.
  private static let header = 8

  /// Opens the store at a path, or begins one.
  ///
  /// - Parameters:
  ///   - shape: of every map.
  ///   - slots: number of maps.
  ///   - fingerprint: what the maps are made of; a store of another fingerprint is begun anew.
  /// - Throws: `CheckpointError.cannotWrite`, also where the disk has no room for all maps.
  init(path: String, shape: Shape, slots: Int, fingerprint: String) throws {
    self.path = path
    self.shape = shape
    self.slots = slots
    slotBytes = Self.header + 2 * shape.elementCount
    let bytes = max(1, slots * slotBytes)
    let flags = FileManager.default.contents(atPath: path + ".filled") ?? Data()
    let mark = Data(fingerprint.utf8)
    let isKnown = flags.count == mark.count + slots && flags.prefix(mark.count) == mark
    if !isKnown { try? FileManager.default.removeItem(atPath: path) }
    handle = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard handle >= 0, ftruncate(handle, off_t(bytes)) == 0 else {
      throw CheckpointError.cannotWrite(
        file: path, reason: "the file for \(bytes >> 20) MiB of features cannot be made")
    }
    var volume = statvfs()
    var status = stat()
    if fstatvfs(handle, &volume) == 0, fstat(handle, &status) == 0 {
      let free = Int(volume.f_bavail) * Int(volume.f_frsize) + Int(status.st_blocks) * 512
      guard free > bytes else {
        close(handle)
        throw CheckpointError.cannotWrite(
          file: path,
          reason: "the features of \(slots) pictures take \(bytes >> 20) MiB, the disk has "
            + "\(free >> 20); free some, or leave cache_frozen out")
      }
    }
    guard let address = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0),
      address != MAP_FAILED
    else {
      close(handle)
      throw CheckpointError.cannotWrite(file: path, reason: "the file cannot be mapped")
    }
    self.address = address
    isFilled = Mutex(
      isKnown
        ? [UInt8](flags.suffix(slots)) : [UInt8](repeating: 0, count: slots))
    self.fingerprint = mark
  }

  private let fingerprint: Data

  deinit {
    munmap(address, max(1, slots * slotBytes))
    close(handle)
  }

  /// The map of a slot, made by `make` where it is not there yet.
  ///
  /// - Returns: the map, in the store's shape, and the size of its picture.
  func map(
    _ slot: Int, make: () throws -> (map: Tensor, picture: ImageSize)
  ) throws -> (map: Tensor, picture: ImageSize) {
    precondition(slot < slots, "there is no slot \(slot) among \(slots)")
    let place = address + slot * slotBytes
    if isFilled.withLock({ $0[slot] }) == 0 {
      let (map, picture) = try make()
      precondition(map.shape == shape, "a map of \(map.shape) in a store of \(shape)")
      place.storeBytes(of: UInt32(picture.width), as: UInt32.self)
      place.storeBytes(of: UInt32(picture.height), toByteOffset: 4, as: UInt32.self)
      write(map, to: place + Self.header)
      isFilled.withLock { $0[slot] = 1 }
    }
    let size = ImageSize(
      width: Int(place.load(as: UInt32.self)),
      height: Int(place.load(fromByteOffset: 4, as: UInt32.self)))
    return (read(place + Self.header), size)
  }

  /// Writes everything to the disk, and which maps are there.
  func flush() throws {
    let flags = isFilled.withLock { $0 }
    fdatasync(handle)
    try writeAtomically(fingerprint + Data(flags), to: path + ".filled")
  }

  private func write(_ map: Tensor, to place: UnsafeMutableRawPointer) {
    let halves = place.assumingMemoryBound(to: UInt16.self)
    map.withPointer { values in
      for index in 0..<map.count {
        let bits = values[index].bitPattern
        // To the nearest, halves to even; features are finite.
        halves[index] = UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
      }
    }
  }

  private func read(_ place: UnsafeMutableRawPointer) -> Tensor {
    let halves = place.assumingMemoryBound(to: UInt16.self)
    return Tensor(shape: shape) { values in
      for index in 0..<shape.elementCount {
        values[index] = Float(bitPattern: UInt32(halves[index]) << 16)
      }
    }
  }
}
