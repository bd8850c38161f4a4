    (function() {
        var msgArray = ["\t\t<div class=\"msg chat left \" msgid=\"9\" msgtype=\"1\">\n\t\t\t<div class=\"avatar-box\">\n\t\t\t\t<img src=\"Portrait\/a.jpg\" class=\"avatar\" \/>\n\t\t\t<\/div>\n\t\t\t<div class=\"nt-box\"><span class=\"dspname left\" wxId=\"wxid_demo1\">小满<\/span> 2024-05-01 16:08:00<\/div>\n\t\t\t<div class=\"content-box\">\n\t\t\t\t<div class=\"triangle\"><\/div>\n\t\t\t\t<span class=\"dont-break-out msg-text\"><pre>后来的 &quot;一条&quot;<\/pre><\/span>\n\t\t\t<\/div>\n\t\t<\/div>\n", "\t\t<div class=\"msg media right \" msgid=\"10\" msgtype=\"47\">\n\t\t\t<div class=\"avatar-box\">\n\t\t\t\t<img src=\"Portrait\/a.jpg\" class=\"avatar\" \/>\n\t\t\t<\/div>\n\t\t\t<div class=\"nt-box\"><span class=\"dspname right\">阿泽<\/span> 2024-05-01 16:09:00<\/div>\n\t\t\t<div class=\"content-box\">\n\t\t\t\t<div class=\"triangle\"><\/div>\n\t\t\t\t<img src=\"e.gif\" class=\"emoji\" \/>\n\t\t\t<\/div>\n\t\t<\/div>\n"];
        for (var idx = 0; idx < msgArray.length; idx++)
        {
          window.moreWechatMsgs.push(msgArray[idx]);
        }
        msgArray = null;
        loadMsgsForNextPage();
    })();
