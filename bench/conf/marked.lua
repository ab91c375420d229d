-- Gives each request a mark of its own, and looks for the mark in the answer. One connection per thread: wrk -tN -cN.
-- Behind the URL: "rude" for RudeBackend, whose broken answers are counted by wrk only.
local threads = {}

function setup(thread)
    table.insert(threads, thread)
    thread:set("id", #threads)
end

function init(args)
    rude = args[1] == "rude"
    turn, wrong = 0, 0
    since = os.time()
end

local files = { 128, 65536, 1024 }
local header = {}

function request()
    turn = turn + 1
    since = os.time()
    mark = id .. "-" .. since .. "-" .. turn
    if rude then
        target = "/rude/" .. mark
        return wrk.format("GET", target)
    end
    status, length = 200, 0
    header["If-Modified-Since"] = nil
    if turn % 5 == 0 then
        length = 2
        return wrk.format("POST", "/marked/upload?mark=" .. mark, header, string.rep("x", 20000))
    elseif turn % 7 == 0 then
        return wrk.format("HEAD", "/marked/nothing?mark=" .. mark, header)
    elseif turn % 11 == 0 then
        status = 304
        header["If-Modified-Since"] = "Fri, 31 Dec 2100 00:00:00 GMT"
        return wrk.format("GET", "/marked/128?mark=" .. mark, header)
    elseif turn % 13 == 0 then
        length = 5
        return wrk.format("POST", "/sink?mark=" .. mark, header, string.rep("x", 20000))
    end
    length = files[turn % 3 + 1]
    return wrk.format("GET", "/marked/" .. length .. "?mark=" .. mark, header)
end

-- What wrk has read of an answer that broke off stands before the next body.
local function isRight(code, headers, body)
    if not rude then
        return code == status and headers["X-Mark"] == mark and #body == length
    end
    local good = "ok " .. target
    return code ~= 101 and not body:find("stolen") and not body:find("forged")
        and (code ~= 200 or body:sub(-#good) == good or body:find("until the end$") or body:find("old$"))
end

function response(code, headers, body)
    since = os.time()
    if not isRight(code, headers, body) then
        wrong = wrong + 1
        if wrong <= 3 then
            local got = "mark " .. tostring(headers["X-Mark"]) .. ", " .. #body .. " bytes: " .. body:sub(1, 80)
            io.stderr:write("WRONG: asked for ", target or mark, ", got ", code, ", ", got, "\n")
        end
    end
end

function done()
    local wrongs, stalled = 0, 0
    for _, thread in ipairs(threads) do
        wrongs = wrongs + thread:get("wrong")
        if os.time() - thread:get("since") > 5 then stalled = stalled + 1 end
    end
    print("Wrong answers: " .. wrongs)
    print("Stalled connections: " .. stalled)
end
