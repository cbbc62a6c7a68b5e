# frozen_string_literal: true

# A gate in Ruby, by Fiddle: judges a campaign document, and gives its verdict and the rules against it.

require "fiddle"
require "json"

# Functions of the library, with their types.
class Library
  POINTER = Fiddle::TYPE_VOIDP
  INT = Fiddle::TYPE_INT32_T
  SIZE = Fiddle::TYPE_SIZE_T
  NOTHING = Fiddle::TYPE_VOID
  FUNCTIONS = {
    cts_engine_new_built_in: [[POINTER, POINTER], INT],
    cts_engine_free: [[POINTER], NOTHING],
    cts_engine_check_json: [[POINTER, POINTER, SIZE, INT, POINTER, POINTER], INT],
    cts_decision_json: [[POINTER, POINTER], INT],
    cts_decision_free: [[POINTER], NOTHING],
    cts_error_message: [[POINTER, POINTER], INT],
    cts_error_free: [[POINTER], NOTHING],
    cts_status_name: [[INT], POINTER]
  }.freeze

  def initialize(path)
    library = Fiddle.dlopen(path)
    FUNCTIONS.each do |name, (arguments, result)|
      function = Fiddle::Function.new(library[name.to_s], arguments, result)
      define_singleton_method(name) { |*given| function.call(*given) }
    end
  end
end

# Judges campaigns.
class Engine
  OK = 0
  FINDINGS = 0

  def initialize(library)
    @library = library
    @engine = made { |place, error| @library.cts_engine_new_built_in(place, error) }
  end

  def free
    @library.cts_engine_free(@engine)
    @engine = nil
  end

  # The decision document. Only a `verdict` of `allow` means to send.
  def check(document)
    decision = made do |place, error|
      @library.cts_engine_check_json(@engine, document, document.bytesize, FINDINGS, place, error)
    end
    JSON.parse(text { |place| @library.cts_decision_json(decision, place) })
  ensure
    @library.cts_decision_free(decision) if decision
  end

  private

  # A handle that a call makes, or what the call says is wrong.
  def made
    place = cell(Fiddle::SIZEOF_VOIDP)
    error = cell(Fiddle::SIZEOF_VOIDP)
    status = yield place, error
    return place.ptr if status == OK

    told = text { |view| @library.cts_error_message(error.ptr, view) }
    @library.cts_error_free(error.ptr)
    raise told
  end

  # A text that a call gives: a pointer and a length. It is borrowed, so it is copied.
  def text
    view = cell(Fiddle::SIZEOF_VOIDP + Fiddle::SIZEOF_SIZE_T)
    status = yield view
    raise Fiddle::Pointer.new(@library.cts_status_name(status)).to_s unless status == OK

    length = view[Fiddle::SIZEOF_VOIDP, Fiddle::SIZEOF_SIZE_T].unpack1("J")
    view.ptr[0, length].force_encoding(Encoding::UTF_8)
  end

  def cell(size)
    Fiddle::Pointer.malloc(size, Fiddle::RUBY_FREE).tap { |place| place[0, size] = "\0" * size }
  end
end

abort "usage: gate.rb LIBRARY CAMPAIGN.json" unless ARGV.length == 2
begin
  engine = Engine.new(Library.new(ARGV[0]))
  decision = engine.check(File.binread(ARGV[1]))
  engine.free
rescue StandardError => error
  warn "error: #{error.message}"
  exit 2
end
puts decision["verdict"]
decision["findings"].each do |finding|
  puts "  #{finding["rule"]}" if finding["verdict"] == decision["verdict"]
end
exit({ "allow" => 0, "deny" => 1, "review" => 3 }.fetch(decision["verdict"]))
